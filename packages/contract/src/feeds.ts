import { z } from 'zod'
import { byId, route, time } from './route.ts'

const byFeed = z.object({ id: z.string().max(60) })
const counts = z.record(z.string(), z.number().int())

export const feed = z.object({
  id: z.string(),
  title: z.string(),
  licence: z.string(),
  isEnabled: z.boolean(),
  /** Where it is fetched from; absent for one that comes by hand or in bundles only. */
  url: z.string().optional(),
  isUrlOwn: z.boolean(),
  everyHours: z.number().int(),
  state: z.enum(['never-run', 'fresh', 'refused', 'failed']),
  isStale: z.boolean(),
  /** Days since it was last looked at with success; absent where it never was. */
  ageDays: z.number().int().optional(),
  /** One sentence: "unknown because this feed is 41 days old". */
  freshness: z.string(),
  dataDate: time.optional(),
  lastRun: time.optional(),
  lastSuccess: time.optional(),
  lastWay: z.string().optional(),
  next: time.optional(),
  problem: z.string().optional(),
  counts,
  quarantined: z.number().int(),
  /** Environment variable that may hold a key, and whether it does. */
  key: z.object({ variable: z.string(), isSet: z.boolean() }).optional(),
})
export type FeedView = z.infer<typeof feed>

export const listFeeds = route({
  method: 'GET',
  path: '/api/feeds',
  permission: 'findings:read',
  summary: 'Where knowledge from outside comes from, and how fresh it is',
  response: z.object({ items: z.array(feed), trustedKeys: z.array(z.string()) }),
})

export const configureFeed = route({
  method: 'PATCH',
  path: '/api/feeds/:id',
  permission: 'feeds:run',
  summary: 'Turn a feed on or off, or say where it is fetched from',
  params: byFeed,
  body: z.object({
    isEnabled: z.boolean().optional(),
    /** Empty: the address that the feed brings along. */
    url: z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(500)]).optional(),
    everyHours: z.number().int().min(1).max(8760).optional(),
  }),
})

const outcome = z.object({ feedId: z.string(), outcome: z.enum(['changed', 'unchanged']), counts })

export const runFeed = route({
  method: 'POST',
  path: '/api/feeds/:id/run',
  permission: 'feeds:run',
  summary: 'Fetch a feed now',
  params: byFeed,
  response: outcome,
})

export const listFeedRuns = route({
  method: 'GET',
  path: '/api/feeds/:id/runs',
  permission: 'findings:read',
  summary: 'The last runs of a feed, refused ones too',
  params: byFeed,
  response: z.object({
    items: z.array(
      z.object({
        id: z.uuid(),
        way: z.string(),
        by: z.string(),
        started: time,
        ended: time,
        outcome: z.string(),
        problem: z.string().optional(),
        counts,
      }),
    ),
  }),
})

export const quarantined = z.object({
  id: z.uuid(),
  feedId: z.string(),
  name: z.string(),
  reason: z.string(),
  bytes: z.number().int(),
  found: time,
})
export type QuarantinedView = z.infer<typeof quarantined>

export const listQuarantine = route({
  method: 'GET',
  path: '/api/quarantine',
  permission: 'findings:read',
  summary: 'Documents that could not be read, each with the reason',
  query: z.object({ feedId: z.string().max(60).optional() }),
  response: z.object({ items: z.array(quarantined) }),
})

/** Answers with the text of the document, as a download. */
export const getQuarantined = route({
  method: 'GET',
  path: '/api/quarantine/:id/raw',
  permission: 'feeds:run',
  summary: 'A document in quarantine as it came',
  params: byId,
  response: z.string(),
})

/** Multipart upload, one file. */
export const importFeedBundle = route({
  method: 'POST',
  path: '/api/feeds/bundle',
  permission: 'feeds:run',
  summary: 'Import a signed bundle: all of it or nothing',
  response: z.object({ made: time, keyId: z.string(), outcomes: z.array(outcome) }),
})

/** Multipart upload, one file of a feed that was fetched by other means, or a table of a maker. */
export const addFeedDocument = route({
  method: 'POST',
  path: '/api/feeds/:id/documents',
  permission: 'advisories:write',
  summary: 'Hand in a document of a feed',
  params: byFeed,
  response: outcome,
})

const line = z.string().trim().min(1).max(200)

export const addAdvisory = route({
  method: 'POST',
  path: '/api/advisories',
  permission: 'advisories:write',
  summary: 'Enter an advisory that a maker publishes as a web page only',
  body: z.object({
    id: z
      .string()
      .trim()
      .regex(/^[\w.:/ -]{3,80}$/, 'three to eighty letters, digits, dots, dashes, slashes'),
    source: line,
    link: z.url({ protocol: /^https?$/ }).max(500),
    published: z.iso.date(),
    cves: z
      .array(
        z
          .string()
          .trim()
          .regex(/^CVE-\d{4}-\d{4,19}$/, 'a CVE id'),
      )
      .max(200),
    vector: z.string().trim().max(300).optional(),
    products: z
      .array(z.object({ maker: line, model: line, range: z.string().trim().min(1).max(200) }))
      .min(1)
      .max(200),
    remedy: z.enum(['vendor_fix', 'mitigation', 'workaround', 'no_fix_planned', 'none_available']),
    fixedVersion: z.string().trim().max(80).optional(),
  }),
  response: z.object({
    id: z.string(),
    /** Ranges that are not understood: their devices stay unknown, never safe. */
    unclear: z.array(z.string()),
  }),
})

export const patch = z.object({
  id: z.string(),
  manufacturer: z.string(),
  model: z.string(),
  fromVersion: z.string(),
  toVersion: z.string().optional(),
  kind: z.enum(['patch', 'mitigation']),
  cves: z.array(z.string()),
  advisories: z.array(z.string()),
  validated: z.iso.date().optional(),
  reference: z.string(),
  minutes: z.number().optional(),
  source: z.string(),
  /** Devices of this maker and model here, and open findings that it would end. */
  devices: z.number().int(),
  findings: z.number().int(),
})
export type PatchView = z.infer<typeof patch>

export const listPatches = route({
  method: 'GET',
  path: '/api/patches',
  permission: 'findings:read',
  summary: 'Patches and mitigations that makers validated, those that end findings here first',
  query: z.object({ q: z.string().trim().max(200).optional() }),
  response: z.object({ items: z.array(patch), total: z.number().int() }),
})

export const recall = z.object({
  id: z.string(),
  number: z.string(),
  class: z.enum(['I', 'II', 'III']).optional(),
  firm: z.string(),
  product: z.string(),
  status: z.string().optional(),
  published: z.iso.date(),
  link: z.string(),
  affected: z.number().int(),
  possible: z.number().int(),
  /** What nobody knows yet of a device: a task for a technician. */
  tasks: z.array(
    z.object({ findingId: z.uuid(), assetId: z.uuid(), device: z.string(), missing: z.string() }),
  ),
})
export type RecallView = z.infer<typeof recall>

export const listRecalls = route({
  method: 'GET',
  path: '/api/recalls',
  permission: 'findings:read',
  summary:
    'Recalls with the devices here that they touch, and what must be read on a label to be sure',
  query: z.object({
    q: z.string().trim().max(200).optional(),
    matched: z.enum(['here', 'all']).default('here'),
  }),
  response: z.object({ items: z.array(recall), total: z.number().int() }),
})

const claim = z.object({
  id: z.string(),
  answer: z.string(),
  raw: z.string(),
  note: z.string().optional(),
})

const form = z.object({
  id: z.string(),
  edition: z.enum(['2013', '2019']),
  manufacturer: z.string(),
  models: z.array(z.string()),
  range: z.string(),
  released: z.iso.date().optional(),
  claims: z.array(claim),
})

const whether = z.object({
  /** `true`: only say what would be kept. */
  preview: z.enum(['true', 'false']).default('false'),
  manufacturer: z.string().trim().max(120).optional(),
  model: z.string().trim().max(120).optional(),
  version: z.string().trim().max(120).optional(),
})

/** Multipart upload, one file: XLSX, CSV, or PDF where pdftotext is installed. */
export const addMds2 = route({
  method: 'POST',
  path: '/api/mds2',
  permission: 'advisories:write',
  summary: "Hand in a maker's security statement (MDS2 of 2013 or 2019)",
  query: whether,
  response: z.object({ isSaved: z.boolean(), form }),
})

export const listMds2 = route({
  method: 'GET',
  path: '/api/mds2',
  permission: 'findings:read',
  summary: 'Security statements of makers',
  response: z.object({
    items: z.array(
      form
        .omit({ claims: true })
        .extend({ yes: z.number(), no: z.number(), unanswered: z.number() }),
    ),
  }),
})

const component = z.object({
  name: z.string(),
  version: z.string().optional(),
  supplier: z.string().optional(),
  purl: z.string().optional(),
  cpe: z.string().optional(),
})

/** Multipart upload, one file: CycloneDX, SPDX or VEX as JSON, XML or tag-value. */
export const addSbom = route({
  method: 'POST',
  path: '/api/sboms',
  permission: 'advisories:write',
  summary: 'Hand in a bill of materials or a statement of exploitability',
  query: whether,
  response: z.object({
    isSaved: z.boolean(),
    manufacturer: z.string(),
    model: z.string(),
    range: z.string(),
    components: z.array(component).max(200),
    total: z.number().int(),
    statements: z.number().int(),
  }),
})

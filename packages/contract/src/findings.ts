import {
  ADVISORY_KINDS,
  FINDING_KINDS,
  FINDING_STATES,
  PRODUCT_STATUSES,
  SEVERITIES,
  VERDICTS,
} from '@wardkeeper/core'
import { z } from 'zod'
import { evidence } from './assets.ts'
import { byId, listQuery, many, page, route, time } from './route.ts'
import { workOrder } from './work-orders.ts'

export const finding = z.object({
  id: z.uuid(),
  assetId: z.uuid(),
  asset: z.string(),
  unit: z.string().optional(),
  kind: z.enum(FINDING_KINDS),
  /** Advisory id or weakness code. */
  subject: z.string(),
  link: z.url().optional(),
  verdict: z.enum(VERDICTS),
  severity: z.enum(SEVERITIES),
  state: z.enum(FINDING_STATES),
  cves: z.array(z.string()),
  isKnownExploited: z.boolean(),
  because: z.string(),
  missing: z.string().optional(),
  evidence: z.array(evidence),
  remedy: z.string(),
  opened: time,
  closed: time.optional(),
  decision: z
    .object({
      by: z.string(),
      approvedBy: z.string().optional(),
      reason: z.string(),
      until: z.iso.date().optional(),
      time,
    })
    .optional(),
  workOrderId: z.uuid().optional(),
})
export type FindingView = z.infer<typeof finding>

const text = z.string().optional()

/** A finding with everything it rests on: the source's own words, statements on top, what became of it. */
export const findingDetail = finding.extend({
  grounds: z.array(
    z.object({
      matcher: z.string(),
      pid: z.string(),
      vendor: text,
      product: z.string(),
      /** The product as the source words it. */
      leaf: text,
      /** Range as published, and the one of the source's own sentence where it is another. */
      range: z.string(),
      stated: text,
      version: text,
      cves: z.array(z.string()),
      verdict: z.string(),
      reason: z.string(),
    }),
  ),
  statements: z.array(
    z.object({
      source: z.string(),
      published: z.string(),
      status: z.enum(PRODUCT_STATUSES),
      cves: z.array(z.string()),
      justification: text,
      link: text,
    }),
  ),
  history: z.array(z.object({ time, what: z.string(), reason: z.string() })),
  advisory: z
    .object({
      id: z.string(),
      source: z.string(),
      revision: z.string(),
      published: z.string(),
      revised: z.string(),
    })
    .optional(),
  /** How old what we know of advisories is: the day that it describes. */
  asOf: z.iso.date().optional(),
})
export type FindingDetail = z.infer<typeof findingDetail>

const verdictCounts = z.object({ verdict: z.enum(VERDICTS), count: z.number().int() })

/** An advisory, CVE or recall as it is kept, with how it stands to the devices. */
export const advisoryDetail = z.object({
  id: z.string(),
  kind: z.enum(ADVISORY_KINDS),
  source: z.string(),
  revision: z.string(),
  published: z.string(),
  revised: z.string(),
  link: text,
  isWithdrawn: z.boolean(),
  products: z.array(
    z.object({
      pid: z.string(),
      vendor: z.string(),
      product: z.string(),
      range: z.string(),
      stated: text,
      /** The product as the source words it. */
      leaf: text,
      cves: z.array(z.string()),
    }),
  ),
  vulnerabilities: z.array(
    z.object({ cve: z.string(), baseScore: z.number().optional(), kev: text }),
  ),
  remedies: z.array(z.object({ kind: z.string(), url: text })),
  revisions: z.array(z.object({ revision: z.string(), revised: z.string(), recorded: time })),
  verdicts: z.array(verdictCounts),
  asOf: z.iso.date().optional(),
})
export type AdvisoryDetail = z.infer<typeof advisoryDetail>

export const getAdvisory = route({
  method: 'GET',
  path: '/api/advisories/:id',
  permission: 'findings:read',
  summary: 'An advisory with its products and how many devices have which verdict',
  params: z.object({ id: z.string().min(1).max(100) }),
  response: advisoryDetail,
})

export const getFreshness = route({
  method: 'GET',
  path: '/api/freshness',
  permission: 'findings:read',
  summary: 'How old the sources are that could name or clear a device',
  response: z.object({
    /** Why it means nothing that a device is named nowhere; absent while it does. */
    absence: text,
    sources: z.array(
      z.object({
        feedId: z.string(),
        isStale: z.boolean(),
        ageDays: z.number().int().optional(),
        reason: z.string(),
      }),
    ),
  }),
})

export const exportFindings = route({
  method: 'GET',
  path: '/api/findings/export.csv',
  permission: 'findings:read',
  summary: 'Every finding as CSV',
  response: z.string(),
})

export const listFindings = route({
  method: 'GET',
  path: '/api/findings',
  permission: 'findings:read',
  summary: 'Advisories and weaknesses held against devices',
  query: listQuery(['severity', 'opened', 'asset', 'subject', 'verdict']).extend({
    verdict: many(z.enum(VERDICTS)),
    severity: many(z.enum(SEVERITIES)),
    state: many(z.enum(FINDING_STATES)),
    kind: many(z.enum(FINDING_KINDS)),
    assetId: z.uuid().optional(),
    subject: z.string().max(100).optional(),
    remedy: z.string().max(200).optional(),
  }),
  response: page(finding),
})

export const listRemedies = route({
  method: 'GET',
  path: '/api/findings/by-remedy',
  permission: 'findings:read',
  summary: 'Open findings grouped by what would end them',
  query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
  response: z.object({
    items: z.array(
      z.object({
        remedy: z.string(),
        subject: z.string(),
        kind: z.enum(FINDING_KINDS),
        severity: z.enum(SEVERITIES),
        affected: z.number().int(),
        possiblyAffected: z.number().int(),
      }),
    ),
  }),
})

export const getFinding = route({
  method: 'GET',
  path: '/api/findings/:id',
  permission: 'findings:read',
  summary: 'One finding with its evidence',
  params: byId,
  response: findingDetail,
})

export const proposeDecision = route({
  method: 'POST',
  path: '/api/findings/:id/decision',
  permission: 'findings:propose',
  summary: 'Propose to accept or suppress a finding; somebody else approves',
  params: byId,
  body: z.object({
    decision: z.enum(['accept', 'suppress']),
    reason: z.string().trim().min(3).max(1000),
    until: z.iso.date().optional(),
    /** `model`: for every device of this model at the site; only what is not true. */
    scope: z.enum(['finding', 'model']).optional(),
  }),
  response: finding,
})

export const approveDecision = route({
  method: 'POST',
  path: '/api/findings/:id/approve',
  permission: 'findings:approve',
  summary: 'Approve a proposed decision; refused to the person who proposed it',
  params: byId,
  response: finding,
})

export const openWorkOrderForFinding = route({
  method: 'POST',
  path: '/api/findings/:id/work-order',
  permission: 'work-orders:write',
  summary: 'Open the work order that ends a finding',
  params: byId,
  response: workOrder,
})

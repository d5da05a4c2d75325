import {
  ASSET_STATES,
  ATTRIBUTES,
  IN_USE_STATES,
  PRESENCE_KINDS,
  SEVERITIES,
} from '@wardkeeper/core'
import { z } from 'zod'
import { declaredFields } from './history.ts'
import { riskNumber } from './risk.ts'
import { byId, listQuery, many, page, route, time } from './route.ts'

export const evidence = z.object({
  field: z.string(),
  value: z.string(),
  time,
  sensor: z.string().optional(),
  file: z.string().optional(),
  frame: z.number().int().optional(),
  rule: z.string(),
  weight: z.number(),
  /** On evidence against: the value that it speaks for instead. */
  claims: z.string().optional(),
  /** On evidence of a finding: which property of the device it tells. */
  about: z.enum(ATTRIBUTES).optional(),
})
export type EvidenceView = z.infer<typeof evidence>

export const claim = z.object({
  attribute: z.enum(ATTRIBUTES),
  value: z.string(),
  confidence: z.number().min(0).max(1),
  rule: z.string(),
  evidence: z.array(evidence),
  against: z.array(evidence),
})
export type ClaimView = z.infer<typeof claim>

/** How sure a claimed value is; absent where nothing is claimed, which is shown as unknown. */
const claimed = z.object({ value: z.string(), confidence: z.number() }).optional()

export const assetRow = z.object({
  id: z.uuid(),
  label: z.string(),
  manufacturer: claimed,
  model: claimed,
  type: claimed,
  category: claimed,
  firmware: claimed,
  ips: z.array(z.string()),
  macs: z.array(z.string()),
  hostname: z.string().optional(),
  unit: z.string().optional(),
  room: z.string().optional(),
  owner: z.string().optional(),
  state: z.enum(ASSET_STATES),
  inUse: z.enum(IN_USE_STATES),
  isConnected: z.boolean(),
  /** Open findings by severity; possibly affected, disputed and unknown count like affected. */
  findings: z.partialRecord(z.enum(SEVERITIES), z.number().int()),
  openIncidents: z.number().int(),
  tags: z.array(z.string()),
  /** Fields of this hospital's own, by their keys. */
  custom: z.record(z.string(), z.string()),
  /** Absent while it is not scored yet. */
  risk: riskNumber.optional(),
  firstSeen: time,
  lastSeen: time,
})
export type AssetRow = z.infer<typeof assetRow>

const filters = {
  type: many(z.string().max(80)),
  category: many(z.string().max(80)),
  manufacturer: many(z.string().max(120)),
  unit: many(z.string().max(120)),
  state: many(z.enum(ASSET_STATES)),
  severity: many(z.enum(SEVERITIES)),
  connected: many(z.enum(['true', 'false'])),
  risk: many(riskNumber.shape.band),
  tag: many(z.string().max(40)),
}

/** Values of a facet with their counts, most first; `value` is absent for assets where nothing is known. */
const facet = z.array(z.object({ value: z.string().optional(), count: z.number().int() }))

export const ASSET_SORTS = [
  'label',
  'manufacturer',
  'model',
  'type',
  'unit',
  'lastSeen',
  'firstSeen',
  'findings',
  'risk',
] as const

export const listAssets = route({
  method: 'GET',
  path: '/api/assets',
  permission: 'assets:read',
  summary: 'Devices, filtered, sorted and paged',
  query: listQuery(ASSET_SORTS).extend(filters),
  response: page(assetRow),
})

/** The list as a file: `format` csv or xlsx and the filters of the list; permission `assets:read`. */
export const ASSET_EXPORT_PATH = '/api/assets/export'

export const countAssets = route({
  method: 'GET',
  path: '/api/assets/facets',
  permission: 'assets:read',
  summary: 'How many devices there are for each value of each filter',
  query: z.object({ q: z.string().trim().max(200).optional(), ...filters }),
  response: z.object({
    total: z.number().int(),
    type: facet,
    category: facet,
    manufacturer: facet,
    unit: facet,
    state: facet,
    /** `true` and `false`: seen on the network at some time, or only written down. */
    connected: facet,
    /** Of the most used tags. */
    tag: facet,
  }),
})

export const assetDetail = assetRow.extend({
  claims: z.array(claim),
  names: z.record(z.string(), z.string()),
  interfaces: z.array(
    z.object({
      mac: z.string().optional(),
      /** Maker by the MAC's prefix. */
      maker: z.string().optional(),
      /** What the MAC is beside a burnt-in address of one device. */
      note: z.enum(['random', 'virtual-machine', 'forwards']).optional(),
      addresses: z.array(z.object({ ip: z.string(), since: time, until: time.optional() })),
    }),
  ),
  serial: z.string().optional(),
  maintenance: z.array(z.object({ date: z.iso.date(), by: z.string(), what: z.string() })),
  warrantyUntil: z.iso.date().optional(),
  contract: z.string().optional(),
  condition: z.string().optional(),
  /** What the rules of the hospital say; absent: not decided. */
  medical: z.object({ value: z.enum(['yes', 'no']), rule: z.string() }).optional(),
  ownership: z
    .object({
      accountable: z.string(),
      responsible: z.string().optional(),
      deputy: z.string().optional(),
      until: z.iso.date().optional(),
      rule: z.string(),
    })
    .optional(),
  locationId: z.uuid().optional(),
  baseline: z
    .object({
      stage: z.enum(['learning', 'watching']),
      completeness: z.number(),
      days: z.number().int(),
    })
    .optional(),
})
export type AssetDetail = z.infer<typeof assetDetail>

export const getAsset = route({
  method: 'GET',
  path: '/api/assets/:id',
  permission: 'assets:read',
  summary: 'One device with its claims and their evidence, now or as it was at a moment',
  params: byId,
  query: z.object({ at: time.optional() }),
  response: assetDetail,
})

export const observation = z.object({
  field: z.string(),
  value: z.string(),
  first: time,
  last: time,
  count: z.number().int(),
  sensor: z.string(),
  file: z.string().optional(),
  frame: z.number().int().optional(),
})

export const listObservations = route({
  method: 'GET',
  path: '/api/assets/:id/observations',
  permission: 'assets:read',
  summary: 'Everything seen of one device on the wire',
  params: byId,
  query: listQuery(['field', 'last']),
  response: page(observation),
})

export const conversation = z.object({
  peerId: z.uuid().optional(),
  peer: z.string(),
  direction: z.enum(['to-peer', 'from-peer']),
  transport: z.string(),
  port: z.number().int(),
  protocol: z.string().optional(),
  sessions: z.number().int(),
  bytesSent: z.number(),
  bytesReceived: z.number(),
  first: time,
  last: time,
  /** False when the baseline does not know it. Absent while still learning. */
  isNormal: z.boolean().optional(),
})

export const listConversations = route({
  method: 'GET',
  path: '/api/assets/:id/conversations',
  permission: 'assets:read',
  summary: 'With whom one device talks, by service',
  params: byId,
  query: listQuery(['last', 'peer', 'bytes']),
  response: page(conversation),
})

/** Attributes written down by people or a maintenance system, kept apart from what is observed. */
export const declareAsset = route({
  method: 'PATCH',
  path: '/api/assets/:id',
  permission: 'assets:decide',
  summary: 'Set where a device is, who owns it and its maintenance facts',
  params: byId,
  body: declaredFields.extend({ reason: z.string().trim().min(3).max(500) }),
  response: assetDetail,
})

const reason = z.string().trim().min(3).max(500)

/** Two records that became one, or one that became two; `undone` once it was taken back. */
export const regrouping = z.object({
  id: z.uuid(),
  kind: z.enum(['merge', 'split']),
  /** The record that stayed. */
  into: z.object({ id: z.uuid(), label: z.string() }),
  /** The record that went into it, or that was made of a part of it. */
  from: z.object({ id: z.uuid(), label: z.string() }),
  because: z.string(),
  by: z.string(),
  time,
  undone: z.object({ by: z.string(), because: z.string(), time }).optional(),
})
export type Regrouping = z.infer<typeof regrouping>

export const listRegroupings = route({
  method: 'GET',
  path: '/api/assets/:id/regroupings',
  permission: 'assets:read',
  summary: 'Merges and splits that a device took part in, newest first',
  params: byId,
  response: z.object({ items: z.array(regrouping) }),
})

export const mergeAsset = route({
  method: 'POST',
  path: '/api/assets/:id/merge',
  permission: 'assets:decide',
  summary: 'Make one record of two: all that hangs on the other one hangs on this one',
  params: byId,
  body: z.object({ from: z.uuid(), reason }),
  response: z.object({ id: z.uuid() }),
})

export const splitAsset = route({
  method: 'POST',
  path: '/api/assets/:id/split',
  permission: 'assets:decide',
  summary: 'Make two records of one: these interfaces and addresses are another device',
  params: byId,
  body: z.object({
    /** Of its current ones: `mac:00:1b:44:00:00:01`, `ip:10.0.0.1`. */
    keys: z
      .array(z.string().regex(/^(mac|ip):/))
      .min(1)
      .max(100),
    reason,
  }),
  response: z.object({ id: z.uuid() }),
})

export const undoRegrouping = route({
  method: 'POST',
  path: '/api/regroupings/:id/undo',
  permission: 'assets:decide',
  summary: 'Take a merge or a split back, with everything that hung on it',
  params: byId,
  body: z.object({ reason }),
  response: z.object({ id: z.uuid() }),
})

export const presenceEvent = z.object({
  id: z.uuid(),
  asset: z.object({ id: z.uuid(), label: z.string() }),
  kind: z.enum(PRESENCE_KINDS),
  /** By the clock of the frames; of one that left its last sight. */
  time,
  /** When it was noticed. */
  noticed: time,
  detail: z.string(),
})
export type PresenceEvent = z.infer<typeof presenceEvent>

export const assetPresence = route({
  method: 'GET',
  path: '/api/assets/:id/presence',
  permission: 'assets:read',
  summary: 'When a device came, went, moved or changed its address, and why it is not called gone',
  params: byId,
  response: z.object({ reason: z.string().optional(), events: z.array(presenceEvent) }),
})

export const listPresence = route({
  method: 'GET',
  path: '/api/presence',
  permission: 'assets:read',
  summary: 'Devices that came, went, moved or changed their address, newest first',
  query: z.object({
    since: time.optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  }),
  response: z.object({ items: z.array(presenceEvent) }),
})

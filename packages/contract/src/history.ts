import { ASSET_STATES, DECLARED_FIELDS, PROPOSAL_STATES } from '@wardkeeper/core'
import { z } from 'zod'
import { byId, listQuery, many, page, route, time } from './route.ts'

const change = z.object({
  field: z.string(),
  /** As text; absent where nothing was or is written. */
  before: z.string().optional(),
  after: z.string().optional(),
  /** What an observed value goes back to. */
  because: z.object({ rule: z.string(), confidence: z.number() }).optional(),
})

export const historyEntry = z.object({
  id: z.number().int(),
  time,
  by: z.string(),
  /** `observed`, `declared`, `approved`, `imported`, `rule` .. */
  cause: z.string(),
  reason: z.string().optional(),
  changes: z.array(change),
})
export type HistoryEntry = z.infer<typeof historyEntry>

export const listHistory = route({
  method: 'GET',
  path: '/api/assets/:id/history',
  permission: 'assets:read',
  summary: 'Every change of one device: who or what, when and why',
  params: byId,
  query: listQuery(['time']).extend({ field: z.string().max(80).optional() }),
  response: page(historyEntry),
})

export const listChanges = route({
  method: 'GET',
  path: '/api/changes',
  permission: 'assets:read',
  summary: 'What changed in the inventory after a cursor or a moment, oldest first',
  query: z.object({
    /** `next` of the answer before, a moment (ISO 8601), or nothing to begin at the beginning. */
    since: z.string().max(60).optional(),
    limit: z.coerce.number().int().min(1).max(1000).default(200),
  }),
  response: z.object({
    items: z.array(historyEntry.extend({ assetId: z.uuid(), siteId: z.string() })),
    next: z.string(),
    hasMore: z.boolean(),
  }),
})

const text = (most: number) => z.string().trim().max(most)

/** What people write of a device; an empty text takes a value back. */
export const declaredFields = z
  .object({
    unit: text(120),
    room: text(120),
    owner: text(200),
    warrantyUntil: z.union([z.iso.date(), z.literal('')]),
    contract: text(200),
    state: z.enum(ASSET_STATES),
    /** As found at the device: worn, cracked, as new. */
    condition: text(200),
  })
  .partial()

export const proposal = z.object({
  id: z.uuid(),
  assetId: z.uuid(),
  asset: z.string(),
  unit: z.string().optional(),
  changes: z.array(change),
  reason: z.string(),
  state: z.enum(PROPOSAL_STATES),
  proposedBy: z.string(),
  /** True for the one who asks: who proposed cannot approve. */
  isOwn: z.boolean(),
  proposed: time,
  decidedBy: z.string().optional(),
  decided: time.optional(),
  decisionReason: z.string().optional(),
})
export type ProposalView = z.infer<typeof proposal>

export const listProposals = route({
  method: 'GET',
  path: '/api/proposals',
  permission: 'assets:read',
  summary: 'Changes that somebody proposed; the oldest first',
  query: listQuery(['proposed']).extend({
    state: many(z.enum(PROPOSAL_STATES)),
    assetId: z.uuid().optional(),
  }),
  response: page(proposal),
})

const reason = z.string().trim().min(3).max(500)

export const proposeChange = route({
  method: 'POST',
  path: '/api/assets/:id/proposals',
  permission: 'assets:propose',
  summary: 'Propose a change of a device; somebody else approves it',
  params: byId,
  body: z.object({ changes: declaredFields, reason }),
  response: proposal,
})

export const decideProposal = route({
  method: 'POST',
  path: '/api/proposals/:id/decide',
  permission: 'assets:decide',
  summary: 'Approve or refuse a proposed change; refused to the person who proposed it',
  params: byId,
  body: z.discriminatedUnion('decision', [
    z.object({ decision: z.literal('approve'), reason: reason.optional() }),
    z.object({ decision: z.literal('refuse'), reason }),
  ]),
  response: proposal,
})

export const withdrawProposal = route({
  method: 'POST',
  path: '/api/proposals/:id/withdraw',
  permission: 'assets:propose',
  summary: 'Take back a change that one proposed oneself',
  params: byId,
  response: proposal,
})

const protection = z.object({
  items: z.array(
    z.object({
      field: z.enum(DECLARED_FIELDS),
      isProtected: z.boolean(),
      /** Somebody's wish that it needs no second person; in force when another one asks for the same. */
      lift: z
        .object({ by: z.string(), reason: z.string(), proposed: time, isOwn: z.boolean() })
        .optional(),
    }),
  ),
})

export const listProtectedFields = route({
  method: 'GET',
  path: '/api/protected-fields',
  permission: 'assets:read',
  summary: 'Which fields of a device change only when a second person approves',
  response: protection,
})

export const protectField = route({
  method: 'PUT',
  path: '/api/protected-fields/:field',
  permission: 'assets:decide',
  summary:
    'Say whether a field needs a second person; that it needs none is proposed by one and done by another',
  params: z.object({ field: z.enum(DECLARED_FIELDS) }),
  body: z.object({ isProtected: z.boolean(), reason }),
  response: protection,
})

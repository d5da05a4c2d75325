import { RECONCILIATION_KINDS, VALUE_SOURCES } from '@wardkeeper/core'
import { z } from 'zod'
import { candidate } from './inventory.ts'
import { byId, listQuery, many, page, route, time } from './route.ts'

const reason = z.string().trim().min(3).max(500)

export const reconciliationItem = z.object({
  id: z.uuid(),
  kind: z.enum(RECONCILIATION_KINDS),
  state: z.enum(['open', 'decided', 'ended']),
  title: z.string(),
  assetId: z.uuid().optional(),
  owner: z.string().optional(),
  score: z.number().optional(),
  reasons: z.array(z.string()),
  opened: time,
  ended: time.optional(),
  decision: z.string().optional(),
  decidedBy: z.string().optional(),
  decidedReason: z.string().optional(),
  suggestion: candidate.optional(),
})
export type ReconciliationItem = z.infer<typeof reconciliationItem>

const itemFilters = {
  kind: many(z.enum(RECONCILIATION_KINDS)),
  state: many(z.enum(['open', 'decided', 'ended'])),
  owner: many(z.string().max(200)),
}

export const listReconciliation = route({
  method: 'GET',
  path: '/api/reconciliation',
  permission: 'assets:read',
  summary: 'Where records and network disagree',
  query: listQuery(['opened', 'score', 'title']).extend(itemFilters),
  response: page(reconciliationItem),
})

const facet = z.array(z.object({ value: z.string().optional(), count: z.number().int() }))

export const countReconciliation = route({
  method: 'GET',
  path: '/api/reconciliation/facets',
  permission: 'assets:read',
  summary: 'How many questions there are of each kind and owner',
  query: z.object({ q: z.string().trim().max(200).optional(), ...itemFilters }),
  response: z.object({ total: z.number().int(), kind: facet, owner: facet }),
})

/** One side of a comparison: what is said or seen, value by attribute. */
const side = z.object({
  title: z.string(),
  assetId: z.uuid().optional(),
  values: z.record(z.string(), z.string()),
  score: z.number().optional(),
  reasons: z.array(z.string()),
})

export const RECONCILIATION_DECISIONS = [
  'link',
  'create',
  'merge',
  'take-declared',
  'take-observed',
  'retire',
  'missing',
  'not-connected',
  'dismiss',
] as const
export type ReconciliationDecision = (typeof RECONCILIATION_DECISIONS)[number]

export const reconciliationDetail = reconciliationItem.extend({
  differences: z.array(
    z.object({
      attribute: z.string(),
      declared: z.string().optional(),
      observed: z.string().optional(),
    }),
  ),
  /** The question on the left, what it may be on the right. */
  left: side,
  right: z.array(side),
  decisions: z.array(z.enum(RECONCILIATION_DECISIONS)),
})
export type ReconciliationDetail = z.infer<typeof reconciliationDetail>

export const getReconciliation = route({
  method: 'GET',
  path: '/api/reconciliation/:id',
  permission: 'assets:read',
  summary: 'One question, side by side',
  params: byId,
  response: reconciliationDetail,
})

export const decideReconciliation = route({
  method: 'POST',
  path: '/api/reconciliation/decide',
  permission: 'assets:decide',
  summary: 'Answer one question or many in one way; all of them or none',
  body: z.object({
    ids: z.array(z.uuid()).min(1).max(500),
    decision: z.enum(RECONCILIATION_DECISIONS),
    /** With `link`: the device it is; left out, the suggested one. */
    assetId: z.uuid().optional(),
    reason,
  }),
  response: z.object({ decided: z.number().int() }),
})

export const undoReconciliation = route({
  method: 'POST',
  path: '/api/reconciliation/:id/undo',
  permission: 'assets:decide',
  summary: 'Take an answer back: what it changed is as before, and the question is open again',
  params: byId,
  body: z.object({ reason }),
  response: reconciliationItem,
})

export const assignReconciliation = route({
  method: 'POST',
  path: '/api/reconciliation/:id/owner',
  permission: 'assets:propose',
  summary: 'Say who answers a question',
  params: byId,
  body: z.object({ owner: z.string().trim().max(200) }),
  response: reconciliationItem,
})

export const listMatchRates = route({
  method: 'GET',
  path: '/api/reconciliation/rates',
  permission: 'assets:read',
  summary: 'How well records and network agree, week by week',
  response: z.object({
    items: z.array(
      z.object({
        week: z.iso.date(),
        /** 0 to 1: records that are seen, of those that we could see. Absent when there were none. */
        rate: z.number().optional(),
        records: z.number().int(),
        matched: z.number().int(),
        notObservable: z.number().int(),
        seen: z.number().int(),
        strangers: z.number().int(),
        openItems: z.number().int(),
      }),
    ),
  }),
})

const rule = z.object({
  attribute: z.string().max(40),
  sources: z.array(z.enum(VALUE_SOURCES)).length(VALUE_SOURCES.length),
  isOwn: z.boolean(),
})

export const listPrecedence = route({
  method: 'GET',
  path: '/api/precedence',
  permission: 'assets:read',
  summary: 'Which source of a value stands over which, by attribute',
  response: z.object({ items: z.array(rule) }),
})

const newRule = z.object({
  attribute: z.string().regex(/^(?:\*|[a-z]{2,20})$/),
  sources: z.array(z.enum(VALUE_SOURCES)).length(VALUE_SOURCES.length),
})

export const previewPrecedence = route({
  method: 'POST',
  path: '/api/precedence/preview',
  permission: 'assets:read',
  summary: 'What another order of sources would change, before it does',
  body: newRule,
  response: z.object({
    changed: z.number().int(),
    examples: z.array(
      z.object({
        assetId: z.uuid(),
        label: z.string(),
        attribute: z.string(),
        before: z.string().optional(),
        after: z.string().optional(),
      }),
    ),
  }),
})

export const setPrecedence = route({
  method: 'POST',
  path: '/api/precedence',
  permission: 'assets:decide',
  summary: 'Set the order of sources of an attribute at this site',
  body: newRule.extend({ reason }),
  response: z.object({ changed: z.number().int() }),
})

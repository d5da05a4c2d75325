import { ATTRIBUTES } from '@wardkeeper/core'
import { z } from 'zod'
import { byId, route, time } from './route.ts'

/** What a person decided of what a device is. It ends; it is never deleted. */
export const identityDecision = z.object({
  kind: z.enum(['lock', 'accept', 'dispute']),
  attribute: z.enum(ATTRIBUTES),
  value: z.string(),
  by: z.string(),
  reason: z.string(),
  since: time,
  ended: z.object({ time, by: z.string().optional(), reason: z.string().optional() }).optional(),
})
export type IdentityDecision = z.infer<typeof identityDecision>

export const listIdentityDecisions = route({
  method: 'GET',
  path: '/api/assets/:id/identity',
  permission: 'assets:read',
  summary: 'What people locked, accepted and disputed of what a device is, newest first',
  params: byId,
  response: z.object({
    items: z.array(identityDecision),
    /** The types and categories that can be locked. */
    types: z.array(z.string()),
    categories: z.array(z.string()),
  }),
})

const word = z.object({
  attribute: z.enum(ATTRIBUTES),
  reason: z.string().trim().min(3).max(500),
})
const done = z.object({ id: z.uuid() })

export const lockIdentity = route({
  method: 'POST',
  path: '/api/assets/:id/identity/lock',
  permission: 'assets:decide',
  summary:
    'Say what a device is: the value stands over records and all that is seen, until it is unlocked',
  params: byId,
  body: word.extend({ value: z.string().trim().min(1).max(200) }),
  response: done,
})

export const unlockIdentity = route({
  method: 'POST',
  path: '/api/assets/:id/identity/unlock',
  permission: 'assets:decide',
  summary: 'Let records and what is seen decide again',
  params: byId,
  body: word,
  response: done,
})

export const disputeIdentity = route({
  method: 'POST',
  path: '/api/assets/:id/identity/dispute',
  permission: 'assets:decide',
  summary: 'Say that what is claimed is wrong, without saying what is right',
  params: byId,
  body: word,
  response: done,
})

export const withdrawDispute = route({
  method: 'POST',
  path: '/api/assets/:id/identity/withdraw',
  permission: 'assets:decide',
  summary: 'Take a dispute back',
  params: byId,
  body: word,
  response: done,
})

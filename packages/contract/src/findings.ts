import { FINDING_KINDS, FINDING_STATES, SEVERITIES, VERDICTS } from '@wardkeeper/core'
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
  response: finding,
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

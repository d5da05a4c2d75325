import {
  ACTION_KINDS,
  CONTROL_KINDS,
  CONTROL_STATES,
  IN_USE_STATES,
  LEGACY_STATES,
  REACH_LEVELS,
  RISK_FACTORS,
  RISK_LEVELS,
} from '@wardkeeper/core'
import { z } from 'zod'
import { riskMethod } from './risk-method.ts'
import { byId, route, time } from './route.ts'

const band = z.enum(RISK_LEVELS)
const points = z.number()

/** How many devices lie in each band. */
export const riskBands = z.object({
  'very-low': z.number().int(),
  low: z.number().int(),
  moderate: z.number().int(),
  high: z.number().int(),
  'very-high': z.number().int(),
})
export type RiskBands = z.infer<typeof riskBands>

/** A number from 0 to 100, and how far what is not known could move it. */
export const riskNumber = z.object({ number: points, low: points, high: points, band })

export const RISK_SCOPES = ['unit', 'model', 'owner'] as const

const rollup = z.object({
  /** Empty where it is not known. */
  key: z.string(),
  total: z.number().int(),
  risky: z.number().int(),
  bands: riskBands,
})

export const getRisk = route({
  method: 'GET',
  path: '/api/risk',
  permission: 'findings:read',
  summary: 'How the devices spread over the bands of risk',
  response: z.object({
    total: z.number().int(),
    bands: riskBands,
    /** Devices that are not scored yet. */
    waiting: z.number().int(),
    /** Devices whose unknowns could move them into another band. */
    uncertain: z.number().int(),
    methodId: z.string(),
    isTuned: z.boolean(),
  }),
})

export const listRiskRollups = route({
  method: 'GET',
  path: '/api/risk/rollups',
  permission: 'findings:read',
  summary: 'Share of risky devices by unit, model or owner',
  query: z.object({
    scope: z.enum(RISK_SCOPES).default('unit'),
    limit: z.coerce.number().int().min(1).max(500).default(50),
  }),
  response: z.object({ items: z.array(rollup), total: z.number().int() }),
})

export const getRiskHistory = route({
  method: 'GET',
  path: '/api/risk/history',
  permission: 'findings:read',
  summary: 'How devices spread over the bands, day by day',
  query: z.object({
    scope: z.enum(['site', ...RISK_SCOPES]).default('site'),
    key: z.string().max(300).default(''),
    days: z.coerce.number().int().min(1).max(730).default(90),
  }),
  response: z.object({
    days: z.array(z.object({ day: z.iso.date(), bands: riskBands })),
  }),
})

const action = z.object({ kind: z.enum(ACTION_KINDS), subject: z.string().min(1).max(300) })

export const listRiskActions = route({
  method: 'GET',
  path: '/api/risk/actions',
  permission: 'findings:read',
  summary: 'What lowers risk most for each hour of a technician, by scoring every device again',
  query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(30) }),
  response: z.object({
    total: z.number().int(),
    items: z.array(
      action.extend({
        assets: z.number().int(),
        /** Some of them. */
        assetIds: z.array(z.uuid()),
        reduction: points,
        noLongerRisky: z.number().int(),
        hours: z.number(),
        perHour: z.number(),
      }),
    ),
  }),
})

const factor = z.object({
  id: z.enum(RISK_FACTORS),
  axis: z.enum(['likelihood', 'impact']),
  value: points,
  low: points,
  high: points,
  weight: z.number().optional(),
  isKnown: z.boolean(),
  /** Points that the score would be lower at its best; for controls: higher without them. */
  points,
  says: z.string(),
  source: z.string(),
  evidence: z
    .object({ kind: z.enum(['finding', 'communications', 'control']), id: z.string() })
    .optional(),
})
export type RiskFactorView = z.infer<typeof factor>

export const getAssetRisk = route({
  method: 'GET',
  path: '/api/assets/:id/risk',
  permission: 'findings:read',
  summary: 'The risk score of one device with every factor, and how it came to be',
  params: byId,
  response: z.object({
    /** Absent while it was not scored yet. */
    score: riskNumber
      .extend({
        likelihood: points,
        impact: points,
        methodId: z.string(),
        computed: time,
        /** True when the stored inputs give exactly this number again. */
        isReplayed: z.boolean(),
      })
      .optional(),
    factors: z.array(factor),
    controls: z.array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        kind: z.enum(CONTROL_KINDS),
        state: z.enum(CONTROL_STATES),
        because: z.string(),
        since: time,
      }),
    ),
    history: z.array(riskNumber.extend({ time, methodId: z.string() })),
  }),
})
export type AssetRisk = z.infer<typeof getAssetRisk.response>

/** Which devices: all that fit every part. Without any part: every device. */
const scope = z.strictObject({
  assetIds: z.array(z.uuid()).max(5000).optional(),
  unit: z.string().max(200).optional(),
  type: z.string().max(80).optional(),
  model: z.string().max(300).optional(),
  owner: z.string().max(200).optional(),
})

const moved = z.object({
  id: z.uuid(),
  label: z.string(),
  before: points,
  after: points,
  from: band,
  to: band,
})

const preview = z.object({
  total: z.number().int(),
  before: riskBands,
  after: riskBands,
  /** Sum over all devices, in points. */
  change: points,
  /** Devices whose number changes, and those that change their band. */
  changed: z.number().int(),
  movedBand: z.number().int(),
  /** Those that move most, at most 100. */
  items: z.array(moved),
})
export type RiskPreview = z.infer<typeof preview>

export const supposeRisk = route({
  method: 'POST',
  path: '/api/risk/what-if',
  permission: 'findings:read',
  summary: 'What scores would be if something were different; nothing is stored',
  body: z.strictObject({
    scope: scope.default({}),
    change: z.strictObject({
      reach: z.enum([...REACH_LEVELS, 'unknown']).optional(),
      legacy: z.enum([...LEGACY_STATES, 'unknown']).optional(),
      inUse: z.enum(IN_USE_STATES).optional(),
      dependants: z.number().int().min(0).max(1_000_000).optional(),
      /** As if it were a device of this type. */
      type: z.string().max(80).optional(),
      isKnownExploited: z.boolean().optional(),
      withoutAdvisories: z.boolean().optional(),
      withoutWeaknesses: z.boolean().optional(),
      addControls: z.array(z.enum(CONTROL_KINDS)).max(5).optional(),
      withoutControls: z.boolean().optional(),
      actions: z.array(action).max(20).optional(),
    }),
  }),
  response: preview,
})

export const getRiskMethod = route({
  method: 'GET',
  path: '/api/risk/method',
  permission: 'findings:read',
  summary: 'The weights and tables that scores are made with, and a proposal to change them',
  response: z.object({
    id: z.string(),
    method: riskMethod,
    standard: riskMethod,
    isTuned: z.boolean(),
    approved: z
      .object({ by: z.string(), approvedBy: z.string(), reason: z.string(), time })
      .optional(),
    proposal: z
      .object({ method: riskMethod, by: z.string(), reason: z.string(), time, isOwn: z.boolean() })
      .optional(),
  }),
})

export const previewRiskMethod = route({
  method: 'POST',
  path: '/api/risk/method/preview',
  permission: 'findings:read',
  summary: 'Which devices would change band with other weights; nothing is stored',
  body: z.object({ method: riskMethod }),
  response: preview,
})

const reason = z.string().trim().min(3).max(500)

export const proposeRiskMethod = route({
  method: 'POST',
  path: '/api/risk/method/proposal',
  permission: 'findings:propose',
  summary: 'Propose other weights; somebody else approves',
  body: z.object({ method: riskMethod, reason }),
})

export const approveRiskMethod = route({
  method: 'POST',
  path: '/api/risk/method/approve',
  permission: 'findings:approve',
  summary: 'Approve the proposed weights; refused to the person who proposed them',
})

export const withdrawRiskMethod = route({
  method: 'POST',
  path: '/api/risk/method/withdraw',
  permission: 'findings:propose',
  summary: 'Take the proposed weights back, or turn them down',
})

const control = z.object({
  id: z.uuid(),
  name: z.string(),
  kind: z.enum(CONTROL_KINDS),
  reason: z.string(),
  service: z.string().optional(),
  allowed: z.array(z.string()),
  by: z.string(),
  approvedBy: z.string().optional(),
  isOwn: z.boolean(),
  confirmed: time,
  ended: time.optional(),
  assets: z.array(
    z.object({
      id: z.uuid(),
      label: z.string(),
      state: z.enum(CONTROL_STATES),
      because: z.string(),
      since: time,
    }),
  ),
})
export type RiskControlView = z.infer<typeof control>

export const listRiskControls = route({
  method: 'GET',
  path: '/api/risk/controls',
  permission: 'findings:read',
  summary: 'Compensating controls, and for each device whether they are observed to work',
  response: z.object({ items: z.array(control) }),
})

export const proposeRiskControl = route({
  method: 'POST',
  path: '/api/risk/controls',
  permission: 'findings:propose',
  summary: 'Say that a control protects devices; it counts once approved and observed to work',
  body: z.strictObject({
    name: z.string().trim().min(3).max(120),
    kind: z.enum(CONTROL_KINDS),
    reason,
    assetIds: z.array(z.uuid()).min(1).max(5000),
    service: z
      .string()
      .regex(/^(tcp|udp)\/\d{1,5}$/, 'a service is written like tcp/23')
      .optional(),
    allowed: z
      .array(z.union([z.ipv4(), z.ipv6()]))
      .max(200)
      .default([]),
  }),
  response: control,
})

const change = (
  path: string,
  permission: 'findings:approve' | 'findings:propose',
  summary: string,
) =>
  route({
    method: 'POST',
    path: `/api/risk/controls/:id/${path}`,
    permission,
    summary,
    params: byId,
    response: control,
  })

export const approveRiskControl = change(
  'approve',
  'findings:approve',
  'Approve a control; refused to the person who proposed it',
)
export const confirmRiskControl = change(
  'confirm',
  'findings:propose',
  'Say again that a control is meant to be there',
)
export const endRiskControl = change('end', 'findings:propose', 'Take a control back')

export const exportRisk = route({
  method: 'GET',
  path: '/api/risk/export.csv',
  permission: 'findings:read',
  summary: 'Every device with its score and factors as CSV',
  response: z.string(),
})

export const reportRisk = route({
  method: 'GET',
  path: '/api/risk/report.pdf',
  permission: 'findings:read',
  summary: 'Distribution, roll-ups and what lowers risk most as PDF',
  response: z.string(),
})

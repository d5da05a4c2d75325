import { SEVERITIES, WORK_ORDER_KINDS, WORK_ORDER_STATES } from '@wardkeeper/core'
import { z } from 'zod'
import { evidence } from './assets.ts'
import { byId, listQuery, many, page, route, time } from './route.ts'

export const workOrder = z.object({
  id: z.uuid(),
  number: z.number().int(),
  kind: z.enum(WORK_ORDER_KINDS),
  title: z.string(),
  state: z.enum(WORK_ORDER_STATES),
  severity: z.enum(SEVERITIES),
  devices: z.array(z.object({ id: z.uuid(), label: z.string() })),
  incidentId: z.uuid().optional(),
  findingIds: z.array(z.uuid()),
  /** What the network must show once the work is really done, one sentence. */
  expectation: z.string(),
  technician: z.object({ id: z.uuid(), name: z.string() }).optional(),
  opened: time,
  due: time.optional(),
  done: time.optional(),
  resolution: z.string().optional(),
  verification: z.object({ reason: z.string(), evidence: z.array(evidence) }).optional(),
  /** Of preventive maintenance: what is due on each device, and what became of it; absent outcome: open. */
  maintenance: z
    .array(
      z.object({
        device: z.object({ id: z.uuid(), label: z.string() }),
        name: z.string(),
        due: z.iso.date(),
        outcome: z.enum(['recorded', 'lapsed', 'cancelled']).optional(),
      }),
    )
    .optional(),
  log: z.array(z.object({ time, by: z.string(), what: z.string(), reason: z.string().optional() })),
})
export type WorkOrderView = z.infer<typeof workOrder>

export const listWorkOrders = route({
  method: 'GET',
  path: '/api/work-orders',
  permission: 'work-orders:read',
  summary: 'Work orders',
  query: listQuery(['opened', 'due', 'severity', 'number']).extend({
    state: many(z.enum(WORK_ORDER_STATES)),
    technicianId: z.uuid().optional(),
    assetId: z.uuid().optional(),
    incidentId: z.uuid().optional(),
  }),
  response: page(workOrder),
})

export const getWorkOrder = route({
  method: 'GET',
  path: '/api/work-orders/:id',
  permission: 'work-orders:read',
  summary: 'One work order',
  params: byId,
  response: workOrder,
})

/** Every technician with the reasons why not; an empty list of reasons means authorised. */
export const listCandidates = route({
  method: 'GET',
  path: '/api/work-orders/:id/candidates',
  permission: 'work-orders:read',
  summary: 'Who may do this work, and why the others may not',
  params: byId,
  response: z.object({
    items: z.array(
      z.object({
        id: z.uuid(),
        name: z.string(),
        employer: z.string(),
        reasons: z.array(z.string()),
        openWorkOrders: z.number().int(),
      }),
    ),
  }),
})

export const assignWorkOrder = route({
  method: 'POST',
  path: '/api/work-orders/:id/assign',
  permission: 'work-orders:assign',
  summary:
    'Give the work to a technician; refused with reasons when not authorised for every device',
  params: byId,
  body: z.object({ technicianId: z.uuid() }),
  response: workOrder,
})

/** Moves of the technician who holds the order. */
export const workWorkOrder = route({
  method: 'POST',
  path: '/api/work-orders/:id/work',
  permission: 'work-orders:work',
  summary: 'Start the work, or say that it is done',
  params: byId,
  body: z.discriminatedUnion('move', [
    z.object({ move: z.literal('start') }),
    z.object({ move: z.literal('done'), resolution: z.string().trim().min(3).max(2000) }),
  ]),
  response: workOrder,
})

/** Moves of the person who runs the board. */
export const moveWorkOrder = route({
  method: 'POST',
  path: '/api/work-orders/:id/move',
  permission: 'work-orders:assign',
  summary: 'Hold, resume, cancel or close; closing what the network did not verify needs a reason',
  params: byId,
  body: z.discriminatedUnion('move', [
    z.object({ move: z.literal('hold'), reason: z.string().trim().min(3).max(500) }),
    z.object({ move: z.literal('resume') }),
    z.object({ move: z.literal('cancel'), reason: z.string().trim().min(3).max(500) }),
    z.object({ move: z.literal('close'), reason: z.string().trim().min(3).max(500).optional() }),
  ]),
  response: workOrder,
})

const authorization = z
  .object({
    manufacturer: z.string().max(120),
    model: z.string().max(120),
    type: z.string().max(80),
    siteId: z.string().max(80),
    level: z.enum(['inspect', 'service']),
    from: z.iso.date(),
    until: z.iso.date(),
    proof: z.string().max(200),
  })
  .refine(({ from, until }) => from <= until, 'it ends before it begins')

export const technician = z.object({
  id: z.uuid(),
  name: z.string(),
  employer: z.string(),
  /** The account they sign in with, if they have one. */
  username: z.string().optional(),
  authorizations: z.array(authorization),
})
export type TechnicianView = z.infer<typeof technician>

export const listTechnicians = route({
  method: 'GET',
  path: '/api/technicians',
  permission: 'work-orders:read',
  summary: 'Technicians and what they are authorised for',
  response: z.object({ items: z.array(technician) }),
})

export const saveTechnician = route({
  method: 'POST',
  path: '/api/technicians',
  permission: 'work-orders:assign',
  summary: 'Add a technician with authorizations',
  body: technician.omit({ id: true }),
  response: technician,
})

import { DETECTION_STATES, INCIDENT_STATES, IN_USE_STATES, SEVERITIES } from '@wardkeeper/core'
import { z } from 'zod'
import { evidence } from './assets.ts'
import { byId, listQuery, many, page, route, time } from './route.ts'

const device = z.object({ id: z.uuid(), label: z.string() })

export const detection = z.object({
  id: z.uuid(),
  detector: z.string(),
  severity: z.enum(SEVERITIES),
  state: z.enum(DETECTION_STATES),
  /** The device that behaves differently, or the attacker. */
  actor: device.optional(),
  /** The device it was done to. */
  target: device.optional(),
  time,
  lastTime: time,
  count: z.number().int(),
  expected: z.string(),
  seen: z.string(),
  techniques: z.array(z.string()),
  evidence: z.array(evidence),
  incidentId: z.uuid().optional(),
})
export type DetectionView = z.infer<typeof detection>

export const listDetections = route({
  method: 'GET',
  path: '/api/detections',
  permission: 'detections:read',
  summary: 'Behaviour that differs from what was learned',
  query: listQuery(['time', 'severity']).extend({
    state: many(z.enum(DETECTION_STATES)),
    severity: many(z.enum(SEVERITIES)),
    assetId: z.uuid().optional(),
  }),
  response: page(detection),
})

export const decideDetection = route({
  method: 'POST',
  path: '/api/detections/:id/decision',
  permission: 'detections:decide',
  summary: 'Learn (it is normal), mute (until a date) or close (tell me again)',
  params: byId,
  body: z.discriminatedUnion('verb', [
    z.object({ verb: z.literal('learn'), reason: z.string().trim().min(3).max(500) }),
    z.object({
      verb: z.literal('mute'),
      reason: z.string().trim().min(3).max(500),
      until: z.iso.date(),
    }),
    z.object({ verb: z.literal('close'), reason: z.string().trim().min(3).max(500) }),
  ]),
  response: detection,
})

export const dossier = z.object({
  assetId: z.uuid(),
  label: z.string(),
  manufacturer: z.string().optional(),
  model: z.string().optional(),
  serial: z.string().optional(),
  type: z.string().optional(),
  owner: z.string().optional(),
  unit: z.string().optional(),
  room: z.string().optional(),
  inUse: z.enum(IN_USE_STATES),
  warrantyUntil: z.iso.date().optional(),
  contract: z.string().optional(),
  lastMaintenance: z.object({ date: z.iso.date(), by: z.string(), what: z.string() }).optional(),
  openFindings: z.number().int(),
})
export type DossierView = z.infer<typeof dossier>

export const incidentRow = z.object({
  id: z.uuid(),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  state: z.enum(INCIDENT_STATES),
  actor: device.optional(),
  devices: z.array(device),
  detections: z.number().int(),
  workOrders: z.number().int(),
  opened: time,
  due: time.optional(),
})
export type IncidentRow = z.infer<typeof incidentRow>

export const incidentDetail = incidentRow.extend({
  dossiers: z.array(dossier),
  timeline: z.array(detection),
  workOrderIds: z.array(z.uuid()),
  log: z.array(z.object({ time, by: z.string(), what: z.string(), reason: z.string().optional() })),
})
export type IncidentDetail = z.infer<typeof incidentDetail>

export const listIncidents = route({
  method: 'GET',
  path: '/api/incidents',
  permission: 'incidents:read',
  summary: 'Incidents',
  query: listQuery(['opened', 'severity', 'due']).extend({
    state: many(z.enum(INCIDENT_STATES)),
    severity: many(z.enum(SEVERITIES)),
    assetId: z.uuid().optional(),
  }),
  response: page(incidentRow),
})

export const getIncident = route({
  method: 'GET',
  path: '/api/incidents/:id',
  permission: 'incidents:read',
  summary: 'One incident with its dossiers and evidence',
  params: byId,
  response: incidentDetail,
})

export const moveIncident = route({
  method: 'POST',
  path: '/api/incidents/:id/move',
  permission: 'incidents:write',
  summary: 'Acknowledge, contain, resolve or review an incident',
  params: byId,
  body: z.object({
    move: z.enum(['acknowledge', 'contain', 'resolve', 'review']),
    note: z.string().trim().max(1000).optional(),
  }),
  response: incidentDetail,
})

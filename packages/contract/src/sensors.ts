import { HEALTH_CODES } from '@wardkeeper/core'
import { z } from 'zod'
import { route, time } from './route.ts'

const coverage = z.object({
  vlans: z.array(
    z.object({
      /** 0 for frames without a tag. */
      vlan: z.number().int(),
      packets: z.number().int(),
      /** Conversations over TCP, and those of which only one side was heard. */
      conversations: z.number().int(),
      oneSided: z.number().int(),
      last: time,
    }),
  ),
  networks: z.array(
    z.object({
      network: z.string(),
      hosts: z.number().int(),
      behindRouter: z.number().int(),
      last: time,
    }),
  ),
})

export const sensor = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  state: z.enum(['running', 'finished', 'failed', 'silent']),
  firstFrame: time.optional(),
  lastFrame: time.optional(),
  frames: z.number().int(),
  flows: z.number().int(),
  observations: z.number().int(),
  /** 0 to 1 while a capture is being read; absent for a live sensor. */
  progress: z.number().min(0).max(1).optional(),
  problem: z.string().optional(),
  counters: z.record(z.string(), z.number()),
  /** What it hears: VLANs, and private networks with how many of their hosts are heard only through a router. */
  coverage,
})
export type SensorView = z.infer<typeof sensor>

export const listSensors = route({
  method: 'GET',
  path: '/api/sensors',
  permission: 'sensors:read',
  summary: 'Where observations come from, and how healthy that is',
  response: z.object({ items: z.array(sensor) }),
})

const sensorIssue = z.object({
  id: z.uuid(),
  sensorId: z.string(),
  sensor: z.string(),
  code: z.enum(HEALTH_CODES),
  /** `vlan 20` or `10.1.2.0/24`; empty for the whole sensor. */
  scope: z.string(),
  /** 0 to 1: of its frames, conversations or hosts. */
  share: z.number().min(0).max(1),
  since: time,
  /** Absent while it lasts. */
  until: time.optional(),
})
export type SensorIssue = z.infer<typeof sensorIssue>

export const listSensorIssues = route({
  method: 'GET',
  path: '/api/sensors/issues',
  permission: 'sensors:read',
  summary: 'Where sensors are blind now, and were in the last thirty days',
  response: z.object({ items: z.array(sensorIssue) }),
})

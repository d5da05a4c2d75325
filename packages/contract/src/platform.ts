import { ROLES } from '@wardkeeper/core'
import { z } from 'zod'
import { PERMISSIONS } from './permissions.ts'
import { listQuery, page, route, time } from './route.ts'

export const session = z.object({
  userId: z.uuid(),
  username: z.string(),
  name: z.string(),
  roles: z.array(z.enum(ROLES)),
  permissions: z.array(z.enum(PERMISSIONS)),
  sites: z.array(z.string()),
  technicianId: z.uuid().optional(),
  /** True after sign-in with a one-time password: nothing else works until it is changed. */
  mustChangePassword: z.boolean(),
})
export type Session = z.infer<typeof session>

export const signIn = route({
  method: 'POST',
  path: '/api/session',
  permission: 'public',
  summary: 'Sign in; the session is a cookie',
  body: z.object({
    username: z.string().trim().min(1).max(100),
    password: z.string().min(1).max(200),
  }),
  response: session,
})

export const getSession = route({
  method: 'GET',
  path: '/api/session',
  permission: 'signed-in',
  summary: 'Who is signed in',
  response: session,
})

export const signOut = route({
  method: 'DELETE',
  path: '/api/session',
  permission: 'signed-in',
  summary: 'Sign out',
})

export const changePassword = route({
  method: 'POST',
  path: '/api/session/password',
  permission: 'signed-in',
  summary: 'Change the own password',
  body: z.object({ current: z.string().min(1).max(200), next: z.string().min(12).max(200) }),
  response: session,
})

export const user = z.object({
  id: z.uuid(),
  username: z.string(),
  name: z.string(),
  roles: z.array(z.enum(ROLES)),
  sites: z.array(z.string()),
  isActive: z.boolean(),
  lastSignIn: time.optional(),
})
export type UserView = z.infer<typeof user>

export const listUsers = route({
  method: 'GET',
  path: '/api/users',
  permission: 'users:admin',
  summary: 'Accounts',
  response: z.object({ items: z.array(user) }),
})

export const addUser = route({
  method: 'POST',
  path: '/api/users',
  permission: 'users:admin',
  summary: 'Add an account; answers with its one-time password',
  body: z.object({
    username: z
      .string()
      .trim()
      .regex(/^[a-z0-9._-]{2,60}$/, 'two to sixty of a-z, 0-9, dot, dash, underscore'),
    name: z.string().trim().min(1).max(120),
    roles: z.array(z.enum(ROLES)).min(1),
    sites: z.array(z.string().max(80)).min(1).default(['*']),
    technicianId: z.uuid().optional(),
  }),
  response: z.object({ user, oneTimePassword: z.string() }),
})

export const overview = z.object({
  assets: z.number().int(),
  identified: z.number().int(),
  connected: z.number().int(),
  /** What waits for a decision, most urgent first. `filter` is a path of the web interface. */
  attention: z.array(
    z.object({ code: z.string(), title: z.string(), count: z.number().int(), path: z.string() }),
  ),
  byCategory: z.array(z.object({ value: z.string().optional(), count: z.number().int() })),
  findingsBySeverity: z.array(
    z.object({ severity: z.string(), affected: z.number().int(), possible: z.number().int() }),
  ),
  openIncidents: z.number().int(),
  openWorkOrders: z.number().int(),
  newThisWeek: z.number().int(),
  /** Those that listen, those of them that are heard, and captures read to their end. */
  sensors: z.object({
    total: z.number().int(),
    fresh: z.number().int(),
    captures: z.number().int(),
  }),
  advisories: z.object({
    count: z.number().int(),
    date: z.iso.date().optional(),
    ageDays: z.number().int().optional(),
  }),
})
export type Overview = z.infer<typeof overview>

export const getOverview = route({
  method: 'GET',
  path: '/api/overview',
  permission: 'assets:read',
  summary: 'What needs somebody now',
  response: overview,
})

/** Multipart upload, one file: a capture that is analysed as one more sensor. */
export const addCapture = route({
  method: 'POST',
  path: '/api/captures',
  permission: 'captures:write',
  summary: 'Hand in a capture file (pcap, pcapng, gz)',
  response: z.object({ sensorId: z.string(), name: z.string(), bytes: z.number().int() }),
})

export const search = route({
  method: 'GET',
  path: '/api/search',
  permission: 'assets:read',
  summary: 'Devices, advisories, incidents and work orders by a few letters',
  query: z.object({ q: z.string().trim().min(1).max(100) }),
  response: z.object({
    items: z.array(
      z.object({
        kind: z.enum(['asset', 'advisory', 'incident', 'work-order']),
        id: z.string(),
        title: z.string(),
        detail: z.string(),
      }),
    ),
  }),
})

export const auditEntry = z.object({
  id: z.number().int(),
  time,
  by: z.string(),
  action: z.string(),
  subject: z.string(),
  reason: z.string().optional(),
  hash: z.string(),
})

export const listAudit = route({
  method: 'GET',
  path: '/api/audit',
  permission: 'audit:read',
  summary: 'Who did what, newest first; each entry carries the hash of the one before',
  query: listQuery(['time']),
  response: page(auditEntry),
})

export const about = route({
  method: 'GET',
  path: '/api/about',
  permission: 'signed-in',
  summary: 'Versions and dates of what is running',
  response: z.object({
    version: z.string(),
    database: z.string(),
    dataFolder: z.string().optional(),
    fingerprints: z.number().int(),
    advisories: z.number().int(),
    isFirstRun: z.boolean(),
  }),
})

export const HEALTH_PATH = '/api/health'
/**
 * Server-sent events; permission `assets:read`. Each has a type of `EVENT_TYPES` and a JSON body `{ id }`; the id `*`
 * means that anything of the type may have changed. `Last-Event-ID` is answered with what was missed.
 */
export const EVENTS_PATH = '/api/events'
export const EVENT_TYPES = [
  'asset.changed',
  'finding.changed',
  'detection.changed',
  'incident.changed',
  'work-order.changed',
  'sensor.changed',
  'import.changed',
  'reconciliation.changed',
] as const
export type EventType = (typeof EVENT_TYPES)[number]

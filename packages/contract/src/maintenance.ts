import { WORK_ORDER_STATES } from '@wardkeeper/core'
import { z } from 'zod'
import { route, time } from './route.ts'

export const maintenanceSettings = z.object({
  isOn: z.boolean(),
  /** So many days before it is due the order is opened. */
  leadDays: z.number().int().min(0).max(90),
  /** Devices of one order at most. */
  mostDevices: z.number().int().min(1).max(100),
  /** Also the next dates that imported records name. */
  withRecords: z.boolean(),
  /** What was due before it does not become work. */
  since: z.iso.date(),
})
export type MaintenanceSettingsView = z.infer<typeof maintenanceSettings>

/** What the clock would open now. */
const forecast = z.object({
  orders: z.number().int(),
  devices: z.number().int(),
  /** Devices due before `since`, without work. */
  backlog: z.number().int(),
  /** Of the orders, those that nobody is authorised for. */
  unauthorised: z.number().int(),
  /** More devices are due than were counted. */
  isCut: z.boolean(),
  /** The first of them. */
  items: z.array(z.object({ title: z.string(), devices: z.number().int(), due: z.iso.date() })),
})

/** A work order as a device's maintenance names it. */
export const orderOfMaintenance = z.object({
  id: z.uuid(),
  number: z.number().int(),
  state: z.enum(WORK_ORDER_STATES),
})

export const getMaintenance = route({
  method: 'GET',
  path: '/api/maintenance',
  permission: 'work-orders:read',
  summary: 'Which preventive maintenance becomes work by itself, and what it would open now',
  response: z.object({
    settings: maintenanceSettings,
    /** Who set it; absent as the product comes. */
    from: z.object({ by: z.string(), reason: z.string(), since: time }).optional(),
    open: z.object({ orders: z.number().int(), devices: z.number().int() }),
    forecast,
  }),
})

export const previewMaintenance = route({
  method: 'POST',
  path: '/api/maintenance/preview',
  permission: 'work-orders:read',
  summary: 'What would become work with these settings; nothing is written',
  body: maintenanceSettings,
  response: forecast,
})

export const saveMaintenance = route({
  method: 'PUT',
  path: '/api/maintenance',
  permission: 'work-orders:assign',
  summary: 'Say which preventive maintenance becomes work; the clock opens it within a minute',
  body: z.object({ settings: maintenanceSettings, reason: z.string().trim().min(3).max(500) }),
  response: z.object({ settings: maintenanceSettings }),
})

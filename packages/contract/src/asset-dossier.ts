import { INTERVAL_UNITS, SCHEDULE_PROGRAMS } from '@wardkeeper/core'
import { z } from 'zod'
import { orderOfMaintenance } from './maintenance.ts'
import { byId, route, time } from './route.ts'

const text = (most: number) => z.string().trim().min(1).max(most)
const reason = z.string().trim().min(3).max(500)
const amount = z.number().min(0).max(1e9)
const currency = z.string().regex(/^[A-Z]{3}$/, 'three letters, as in USD')

export const contractEntry = z.object({
  provider: text(120),
  number: text(80).optional(),
  covers: text(300),
  from: z.iso.date().optional(),
  until: z.iso.date(),
  amount: amount.optional(),
  currency: currency.optional(),
})
export const scheduleEntry = z
  .object({
    name: text(120),
    program: z.enum(SCHEDULE_PROGRAMS),
    /** Why the schedule of the maker is not followed. */
    justification: text(500).optional(),
    every: z.number().int().min(1).max(120),
    unit: z.enum(INTERVAL_UNITS),
    starts: z.iso.date(),
    basis: z.enum(['done', 'calendar']),
  })
  .refine(
    ({ program, justification }) => program === 'manufacturer' || justification !== undefined,
    'an alternate schedule needs a justification',
  )
export const COST_KINDS = ['purchase', 'contract', 'repair', 'parts', 'labour', 'other'] as const
export const costEntry = z.object({
  date: z.iso.date(),
  kind: z.enum(COST_KINDS),
  what: text(200),
  amount,
  currency,
})

const entryOf = <Body extends z.ZodType>(body: Body) =>
  z.object({ id: z.uuid(), by: z.string(), added: time, body })

export const assetDossier = z.object({
  /** What records that were imported say of maintenance, dates and costs; fields as in an import. */
  records: z.array(
    z.object({
      source: z.string(),
      key: z.string(),
      since: time,
      facts: z.array(z.object({ field: z.string(), value: z.string() })),
      /** The record's own date of the next maintenance is past. */
      isOverdue: z.boolean(),
      /** The work that its next date became. */
      workOrder: orderOfMaintenance.optional(),
    }),
  ),
  contracts: z.array(entryOf(contractEntry)),
  schedules: z.array(
    entryOf(scheduleEntry).extend({
      lastDone: z.iso.date().optional(),
      next: z.iso.date().optional(),
      isOverdue: z.boolean(),
      /** Name of the alternate schedule that takes its place. */
      replacedBy: z.uuid().optional(),
      /** The work that its next date became. */
      workOrder: orderOfMaintenance.optional(),
    }),
  ),
  costs: z.array(entryOf(costEntry)),
  maintenance: z.array(
    z.object({
      date: z.iso.date(),
      by: z.string(),
      what: z.string(),
      schedule: z.string().optional(),
    }),
  ),
  documents: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      mediaType: z.string(),
      bytes: z.number().int(),
      by: z.string(),
      added: time,
    }),
  ),
})
export type AssetDossier = z.infer<typeof assetDossier>

export const getAssetDossier = route({
  method: 'GET',
  path: '/api/assets/:id/dossier',
  permission: 'assets:read',
  summary:
    'Contracts, schedules with their next dates, costs, maintenance and documents of a device',
  params: byId,
  response: assetDossier,
})

export const addDossierEntry = route({
  method: 'POST',
  path: '/api/assets/:id/dossier',
  permission: 'assets:decide',
  summary: 'Write a contract, a schedule or a cost into the dossier',
  params: byId,
  body: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('contract'), body: contractEntry }),
    z.object({ kind: z.literal('schedule'), body: scheduleEntry }),
    z.object({ kind: z.literal('cost'), body: costEntry }),
  ]),
  response: assetDossier,
})

export const endDossierEntry = route({
  method: 'POST',
  path: '/api/assets/:id/dossier/:entryId/end',
  permission: 'assets:decide',
  summary: 'End an entry of the dossier; it stays in the history',
  params: z.object({ id: z.uuid(), entryId: z.uuid() }),
  body: z.object({ reason }),
  response: assetDossier,
})

export const addMaintenance = route({
  method: 'POST',
  path: '/api/assets/:id/maintenance',
  permission: 'assets:propose',
  summary: 'Write down maintenance that was done',
  params: byId,
  body: z.object({
    date: z.iso.date(),
    by: text(120),
    what: text(500),
    scheduleId: z.uuid().optional(),
  }),
  response: assetDossier,
})

/** Multipart upload, one file: PDF, PNG, JPEG, text or an office file. */
export const addDocument = route({
  method: 'POST',
  path: '/api/assets/:id/documents',
  permission: 'assets:propose',
  summary: 'Add a document to the dossier',
  params: byId,
  response: z.object({ id: z.uuid(), name: z.string(), mediaType: z.string(), bytes: z.number() }),
})

export const endDocument = route({
  method: 'POST',
  path: '/api/documents/:id/end',
  permission: 'assets:decide',
  summary: 'Take a document out of the dossier; the file stays',
  params: byId,
  body: z.object({ reason }),
})

/** The file of a document, always as a download; permission `assets:read`. */
export const DOCUMENT_PATH = '/api/documents/:id/file'

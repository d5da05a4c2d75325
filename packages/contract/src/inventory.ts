import { DATE_ORDERS, IMPORT_FIELD_NAMES, ROW_OUTCOMES, type ImportField } from '@wardkeeper/core'
import { z } from 'zod'
import { byId, many, route, time } from './route.ts'

export const IMPORT_FIELDS_IN_ORDER = IMPORT_FIELD_NAMES
const field = z.enum(IMPORT_FIELD_NAMES as [ImportField, ...ImportField[]])
const columns = z.partialRecord(field, z.number().int().min(0).max(299))
const reason = z.string().trim().min(3).max(500)

/** What a row says of a device, each value in one spelling. */
const device = z.record(z.string(), z.union([z.string(), z.array(z.string())]))

export const candidate = z.object({
  assetId: z.uuid(),
  label: z.string(),
  score: z.number(),
  reasons: z.array(z.string()),
})

export const importTemplate = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  isFull: z.boolean(),
  notes: z.string().optional(),
})

export const listImportTemplates = route({
  method: 'GET',
  path: '/api/import-templates',
  permission: 'assets:read',
  summary: 'Systems whose exports can be read by themselves',
  response: z.object({ items: z.array(importTemplate) }),
})

export const IMPORT_STATES = [
  'mapping',
  'ready',
  'running',
  'finished',
  'failed',
  'undoing',
  'undone',
  'discarded',
] as const

export const importView = z.object({
  id: z.uuid(),
  name: z.string(),
  source: z.string(),
  template: z.string(),
  state: z.enum(IMPORT_STATES),
  isFull: z.boolean(),
  rows: z.number().int(),
  /** 0 to 1 while it runs. */
  progress: z.number(),
  counts: z.record(z.string(), z.number().int()),
  by: z.string(),
  created: time,
  finished: time.optional(),
  problem: z.string().optional(),
})
export type ImportView = z.infer<typeof importView>

export const importDetail = importView.extend({
  headers: z.array(z.string()),
  examples: z.array(z.array(z.string())),
  columns,
  dateOrder: z.enum(DATE_ORDERS),
  /** What was found out while reading, one sentence each. */
  findings: z.array(z.string()),
  unclearDates: z.array(z.string()),
  /** The same bytes were imported before: when and by whom. */
  sameAs: z.object({ id: z.uuid(), by: z.string(), finished: time.optional() }).optional(),
})
export type ImportDetail = z.infer<typeof importDetail>

export const listImports = route({
  method: 'GET',
  path: '/api/imports',
  permission: 'assets:read',
  summary: 'Imports of records, newest first',
  response: z.object({ items: z.array(importView) }),
})

/** Multipart upload, one file. */
export const addImport = route({
  method: 'POST',
  path: '/api/imports',
  permission: 'assets:decide',
  summary:
    'Hand in a table of devices (CSV, XLSX, FHIR); it is read and planned, nothing is done yet',
  query: z.object({
    template: z.string().max(60).optional(),
    source: z
      .string()
      .regex(/^[a-z0-9-]{1,60}$/)
      .optional(),
  }),
  response: importDetail,
})

export const getImport = route({
  method: 'GET',
  path: '/api/imports/:id',
  permission: 'assets:read',
  summary: 'One import with its mapping and its counts',
  params: byId,
  response: importDetail,
})

export const mapImport = route({
  method: 'PUT',
  path: '/api/imports/:id/mapping',
  permission: 'assets:decide',
  summary: 'Read the file under another mapping and plan it again',
  params: byId,
  body: z.object({
    template: z.string().max(60).optional(),
    source: z
      .string()
      .regex(/^[a-z0-9-]{1,60}$/, 'small letters, digits and dashes')
      .optional(),
    /** Left out with a new template: guessed from its names. */
    columns: columns.optional(),
    dateOrder: z.enum(DATE_ORDERS).optional(),
    isFull: z.boolean().optional(),
  }),
  response: importDetail,
})

export const importRow = z.object({
  row: z.number().int(),
  outcome: z.enum(ROW_OUTCOMES),
  change: z.string().optional(),
  key: z.string().optional(),
  device: device.optional(),
  notes: z.array(z.string()),
  reasons: z.array(z.string()),
  score: z.number().optional(),
  assetId: z.uuid().optional(),
  isDone: z.boolean(),
})
export type ImportRowView = z.infer<typeof importRow>

export const listImportRows = route({
  method: 'GET',
  path: '/api/imports/:id/rows',
  permission: 'assets:read',
  summary: 'What becomes or became of each row',
  params: byId,
  query: z.object({
    outcome: many(z.enum(ROW_OUTCOMES)),
    after: z.coerce.number().int().min(0).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  response: z.object({
    items: z.array(importRow),
    total: z.number().int(),
    next: z.number().int().optional(),
  }),
})

export const runImport = route({
  method: 'POST',
  path: '/api/imports/:id/run',
  permission: 'assets:decide',
  summary: 'Do what the preview shows; also goes on with an import that was interrupted',
  params: byId,
  body: z.object({}),
  response: importDetail,
})

export const undoImport = route({
  method: 'POST',
  path: '/api/imports/:id/undo',
  permission: 'assets:decide',
  summary: 'End what an import declared; what it replaced stands again',
  params: byId,
  body: z.object({ reason }),
  response: importDetail,
})

export const discardImport = route({
  method: 'POST',
  path: '/api/imports/:id/discard',
  permission: 'assets:decide',
  summary: 'Put an import away that was not run',
  params: byId,
  body: z.object({}),
})

/** `text/csv`: one line for each row of the file. Permission `assets:read`. */
export const IMPORT_REPORT_PATH = '/api/imports/:id/report.csv'

/** What would become of one row: the same function as the import. */
const decision = z.object({
  device: device.optional(),
  key: z.string().optional(),
  notes: z.array(z.string()),
  outcome: z.enum(ROW_OUTCOMES),
  assetId: z.uuid().optional(),
  score: z.number().optional(),
  reasons: z.array(z.string()),
  candidates: z.array(candidate),
})

export const tryRow = route({
  method: 'POST',
  path: '/api/imports/try',
  permission: 'assets:read',
  summary: 'Test the rules on one row: shows what an import would do with it',
  body: z.object({
    template: z.string().max(60).optional(),
    source: z.string().max(60).optional(),
    headers: z.array(z.string().max(200)).min(1).max(300),
    cells: z.array(z.string().max(4000)).min(1).max(300),
    columns: columns.optional(),
    dateOrder: z.enum(DATE_ORDERS).optional(),
  }),
  response: decision,
})

export const readBarcode = route({
  method: 'POST',
  path: '/api/barcodes',
  permission: 'assets:read',
  summary: 'What a UDI says (GS1, HIBCC, ICCBBA), typed or from a scanner',
  body: z.object({ text: z.string().trim().min(1).max(300) }),
  response: z.object({
    issuer: z.string().optional(),
    di: z.string().optional(),
    serial: z.string().optional(),
    lot: z.string().optional(),
    made: z.string().optional(),
    expires: z.string().optional(),
    problem: z.string().optional(),
  }),
})

/** A device written down by hand; from who may not decide, a proposal that waits for somebody who may. */
export const addDevice = route({
  method: 'POST',
  path: '/api/devices',
  permission: 'assets:propose',
  summary: 'Write a device down by hand or by barcode',
  body: z.object({ device: z.partialRecord(field, z.string().trim().max(400)), reason }),
  response: decision.extend({ itemId: z.uuid().optional() }),
})

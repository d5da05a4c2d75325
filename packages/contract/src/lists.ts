import { z } from 'zod'
import { byId, route } from './route.ts'

const reason = z.string().trim().min(3).max(500)
export const tag = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u, 'letters, digits, space, dot, dash; at most 40')

export const bulkChange = route({
  method: 'POST',
  path: '/api/assets/bulk',
  permission: 'assets:decide',
  summary: 'Change many devices at once: tags, owner, place; all of them or none',
  body: z.object({
    assetIds: z.array(z.uuid()).min(1).max(500),
    addTags: z.array(tag).max(20).optional(),
    removeTags: z.array(tag).max(20).optional(),
    owner: z.string().trim().max(200).optional(),
    locationId: z.uuid().optional(),
    reason,
  }),
  response: z.object({ changed: z.number().int() }),
})

export const CUSTOM_TYPES = ['text', 'number', 'date', 'choice', 'yes-no'] as const

export const customField = z.object({
  id: z.uuid(),
  key: z.string(),
  label: z.string(),
  type: z.enum(CUSTOM_TYPES),
  choices: z.array(z.string()),
})
export type CustomField = z.infer<typeof customField>
const customFields = z.object({ items: z.array(customField) })

export const listCustomFields = route({
  method: 'GET',
  path: '/api/custom-fields',
  permission: 'assets:read',
  summary: 'Fields of devices that this hospital added',
  response: customFields,
})

export const addCustomField = route({
  method: 'POST',
  path: '/api/custom-fields',
  permission: 'assets:decide',
  summary: 'Add a field to every device',
  body: z
    .object({
      label: z.string().trim().min(1).max(60),
      type: z.enum(CUSTOM_TYPES),
      choices: z.array(z.string().trim().min(1).max(60)).max(50).default([]),
    })
    .refine(
      ({ type, choices }) => type !== 'choice' || choices.length > 0,
      'a choice needs at least one value',
    ),
  response: customFields,
})

export const endCustomField = route({
  method: 'POST',
  path: '/api/custom-fields/:id/end',
  permission: 'assets:decide',
  summary: 'End a field; what devices carry in it stays in their history',
  params: byId,
  body: z.object({ reason }),
  response: customFields,
})

export const setCustomValues = route({
  method: 'PATCH',
  path: '/api/assets/:id/custom',
  permission: 'assets:decide',
  summary: 'Write values of the fields of the hospital; an empty text takes a value back',
  params: byId,
  body: z.object({ values: z.record(z.string().max(80), z.string().trim().max(500)), reason }),
  response: z.object({ values: z.record(z.string(), z.string()) }),
})

export const savedView = z.object({
  id: z.uuid(),
  name: z.string(),
  /** The query of the address of the list. */
  search: z.string(),
  isShared: z.boolean(),
  isOwn: z.boolean(),
})
export type SavedView = z.infer<typeof savedView>
const savedViews = z.object({ items: z.array(savedView) })

export const listViews = route({
  method: 'GET',
  path: '/api/views',
  permission: 'assets:read',
  summary: 'Saved views of the list of devices: own ones and shared ones',
  response: savedViews,
})

export const saveView = route({
  method: 'POST',
  path: '/api/views',
  permission: 'assets:read',
  summary: 'Save the filters, sorting and columns of the list under a name',
  body: z.object({
    name: z.string().trim().min(1).max(60),
    search: z.string().max(2000),
    isShared: z.boolean(),
  }),
  response: savedViews,
})

export const endView = route({
  method: 'POST',
  path: '/api/views/:id/end',
  permission: 'assets:read',
  summary: 'End a saved view of one’s own',
  params: byId,
  response: savedViews,
})

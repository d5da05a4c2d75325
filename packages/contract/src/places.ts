import { ASSET_STATES, IN_USE_STATES, LOCATION_KINDS, SEVERITIES } from '@wardkeeper/core'
import { z } from 'zod'
import { byId, route, time } from './route.ts'

const name = z.string().trim().min(1).max(120)
const reason = z.string().trim().min(3).max(500)

export const place = z.object({
  id: z.uuid(),
  siteId: z.string(),
  parentId: z.uuid().optional(),
  kind: z.enum(LOCATION_KINDS),
  name: z.string(),
  serviceLine: z.string().optional(),
  hours: z.string().optional(),
  /** In this place itself, not in what lies in it. */
  devices: z.number().int(),
  planId: z.uuid().optional(),
})
export type Place = z.infer<typeof place>

const places = z.object({
  items: z.array(place),
  sites: z.array(z.object({ id: z.string(), name: z.string() })),
})

export const listPlaces = route({
  method: 'GET',
  path: '/api/locations',
  permission: 'assets:read',
  summary: 'Buildings, floors, units and rooms of every site that one may see',
  response: places,
})

const about = { serviceLine: z.string().trim().max(120), hours: z.string().trim().max(120) }

export const addPlace = route({
  method: 'POST',
  path: '/api/locations',
  permission: 'assets:decide',
  summary: 'Add a place',
  body: z.object({
    siteId: z.string().max(80).optional(),
    parentId: z.uuid().optional(),
    kind: z.enum(LOCATION_KINDS),
    name,
    serviceLine: about.serviceLine.optional(),
    hours: about.hours.optional(),
  }),
  response: place,
})

export const changePlace = route({
  method: 'PATCH',
  path: '/api/locations/:id',
  permission: 'assets:decide',
  summary: 'Rename or move a place; devices in it follow',
  params: byId,
  body: z
    .object({ name, parentId: z.uuid().nullable(), ...about, reason })
    .partial()
    .required({ reason: true }),
  response: place,
})

export const endPlace = route({
  method: 'POST',
  path: '/api/locations/:id/end',
  permission: 'assets:decide',
  summary: 'End a place that is empty',
  params: byId,
  body: z.object({ reason }),
  response: places,
})

export const importPlaces = route({
  method: 'POST',
  path: '/api/locations/import',
  permission: 'assets:decide',
  summary: 'Add places from CSV: building, floor, unit, room, service line, hours',
  body: z.object({
    siteId: z.string().max(80).optional(),
    csv: z.string().max(900_000),
    /** Says what would happen and changes nothing. */
    isDryRun: z.boolean(),
  }),
  response: z.object({
    added: z.number().int(),
    known: z.number().int(),
    errors: z.array(z.object({ row: z.number().int(), reason: z.string() })),
    examples: z.array(z.string()),
  }),
})

export const placeAssets = route({
  method: 'POST',
  path: '/api/locations/:id/assets',
  permission: 'assets:decide',
  summary: 'Put devices into a place',
  params: byId,
  body: z.object({ assetIds: z.array(z.uuid()).min(1).max(500), reason }),
  response: z.object({ placed: z.number().int() }),
})

const marker = z.object({
  id: z.uuid(),
  label: z.string(),
  type: z.string().optional(),
  category: z.string().optional(),
  room: z.string().optional(),
  state: z.enum(ASSET_STATES),
  inUse: z.enum(IN_USE_STATES),
  /** Worst open finding. */
  severity: z.enum(SEVERITIES).optional(),
  /** Shares of width and height of the plan; absent where it has no mark yet. */
  x: z.number().optional(),
  y: z.number().optional(),
})
export type Marker = z.infer<typeof marker>

export const getFloor = route({
  method: 'GET',
  path: '/api/locations/:id/devices',
  permission: 'assets:read',
  summary: 'Devices in a place and in what lies in it, with their marks on its plan',
  params: byId,
  response: z.object({
    place,
    plan: z
      .object({ id: z.uuid(), name: z.string(), width: z.number(), height: z.number() })
      .optional(),
    items: z.array(marker),
  }),
})

/** Multipart upload, one PNG or JPEG: the plan of a place. */
export const addPlan = route({
  method: 'POST',
  path: '/api/locations/:id/plan',
  permission: 'assets:decide',
  summary: 'Hand in the plan of a floor or unit (PNG or JPEG)',
  params: byId,
  response: z.object({ planId: z.uuid(), width: z.number(), height: z.number() }),
})

/** The image of a plan; permission `assets:read`. */
export const PLAN_IMAGE_PATH = '/api/floor-plans/:id/image'

export const markAsset = route({
  method: 'PUT',
  path: '/api/floor-plans/:id/marks/:assetId',
  permission: 'assets:propose',
  summary: 'Mark where on a plan a device stands, or take the mark away',
  params: z.object({ id: z.uuid(), assetId: z.uuid() }),
  body: z.object({
    position: z.object({ x: z.number().min(0).max(1), y: z.number().min(0).max(1) }).optional(),
  }),
})

const node = z.object({
  id: z.uuid(),
  label: z.string(),
  type: z.string().optional(),
  category: z.string().optional(),
  unit: z.string().optional(),
  state: z.enum(ASSET_STATES),
  inUse: z.enum(IN_USE_STATES),
  severity: z.enum(SEVERITIES).optional(),
  /** Subnet of its newest address; absent for what has none. */
  segment: z.string().optional(),
  /** VLANs in which it was seen to send, of two tags the outer and the inner (`10.20`); none where frames carry no tag. */
  vlans: z.array(z.string()),
})
export type MapNode = z.infer<typeof node>

export const getNetworkMap = route({
  method: 'GET',
  path: '/api/network-map',
  permission: 'assets:read',
  summary: 'Devices by segment, and who talks to whom',
  query: z.object({
    days: z.coerce.number().int().min(1).max(90).default(7),
    segment: z.string().max(80).optional(),
  }),
  response: z.object({
    nodes: z.array(node),
    edges: z.array(
      z.object({
        from: z.uuid(),
        to: z.uuid(),
        sessions: z.number(),
        bytes: z.number(),
        protocols: z.array(z.string()),
      }),
    ),
    /** True when there is more than is shown. */
    isCut: z.boolean(),
    from: time.optional(),
    until: time.optional(),
  }),
})
export type NetworkMap = z.infer<typeof getNetworkMap.response>

export const getUse = route({
  method: 'GET',
  path: '/api/assets/:id/use',
  permission: 'assets:read',
  summary: 'When a device is used, by hour of the week',
  params: byId,
  response: z.object({
    timeZone: z.string(),
    from: time.optional(),
    until: time.optional(),
    cells: z.array(
      z.object({
        hour: z.number().int(),
        looked: z.number().int(),
        active: z.number().int(),
        bytes: z.number(),
      }),
    ),
  }),
})
export type Use = z.infer<typeof getUse.response>

export const listControls = route({
  method: 'GET',
  path: '/api/assets/:id/controls',
  permission: 'assets:read',
  summary: 'What protects a device, as far as it is seen to work',
  params: byId,
  response: z.object({
    items: z.array(
      z.object({
        code: z.string(),
        title: z.string(),
        state: z.enum(['works', 'missing', 'unknown']),
        because: z.string(),
      }),
    ),
  }),
})

import { createReadStream, existsSync } from 'node:fs'
import path from 'node:path'
import * as contract from '@wardkeeper/contract'
import { judgeControls, readImage, Refusal, useByHour, within } from '@wardkeeper/core'
import { findAsset } from '../../store/asset-list.ts'
import { offsetOf, readProtection, readUse } from '../../store/asset-use.ts'
import { readBaseline } from '../../store/baselines.ts'
import * as plans from '../../store/floor-plans.ts'
import { readPlaces } from '../../store/locations.ts'
import { readNetworkMap } from '../../store/network-map.ts'
import type { Actor } from '../actor.ts'
import type { Routes } from '../context.ts'
import { ApiError } from '../errors.ts'
import { uuidOf } from '../uuid-param.ts'
import { markerView, nodeView, placeView } from '../places-view.ts'
import { record } from '../record.ts'
import { keepFile, readUpload } from '../upload.ts'
import { isoOf, present } from '../views.ts'

const PLAN_BYTES = 10_000_000
const PLAN_PIXELS = 12_000

/** Plans of floors, who talks to whom, and when a device is used. */
export const mapRoutes: Routes = (serve, { database: { db }, documentFolder, now }, app) => {
  const demandPlace = async (actor: Actor, id: string) => {
    const all = await readPlaces(db, actor.sites)
    const found = all.find((place) => place.id === id)
    if (found === undefined) throw new ApiError('not-found')
    return { found, all }
  }
  const demandPlan = async (actor: Actor, id: string) => {
    const plan = await plans.readPlan(db, actor.sites, id)
    if (plan === undefined) throw new ApiError('not-found')
    return plan
  }
  const demandAsset = async (actor: Actor, id: string) => {
    const asset = await findAsset(db, actor.sites, id)
    if (asset === undefined) throw new ApiError('not-found')
    return asset
  }

  serve(contract.getFloor, async ({ params, actor }) => {
    const { found, all } = await demandPlace(actor, params.id)
    const plan = found.planId === undefined ? undefined : await demandPlan(actor, found.planId)
    const markers = await plans.readMarkers(db, within(found.id, all), plan?.id)
    return {
      place: placeView(found),
      ...present({
        plan: plan && { id: plan.id, name: plan.name, width: plan.width, height: plan.height },
      }),
      items: markers.map(markerView),
    }
  })

  serve(contract.addPlan, async ({ params, actor, request }) => {
    const { found } = await demandPlace(actor, params.id)
    const { name, bytes } = await readUpload(request, PLAN_BYTES)
    const image = readImage(bytes)
    if (image === undefined) throw new ApiError('not-an-image')
    if (Math.max(image.width, image.height) > PLAN_PIXELS) {
      throw new ApiError('too-large', [`At most ${PLAN_PIXELS} pixels a side; make it smaller.`])
    }
    const hash = await keepFile(documentFolder, bytes)
    const file = { name, hash, bytes: bytes.length, ...image }
    const planId = await db.transaction().execute(async (trx) => {
      const id = await plans.replacePlan(trx, found.siteId, found.id, file, actor.name, now())
      const deed = {
        siteId: found.siteId,
        action: 'plan.handed-in',
        kind: 'location',
        id: found.id,
        after: file,
        change: 'asset.changed',
      } as const
      await record(trx, actor, deed, now())
      return id
    })
    return { planId, width: image.width, height: image.height }
  })

  const options = { config: { permission: 'assets:read' }, schema: { hide: true } } as const
  app.get<{ Params: { id: string } }>(contract.PLAN_IMAGE_PATH, options, async (request, reply) => {
    const { actor } = request
    if (actor === undefined || uuidOf(request.params.id) === undefined) {
      throw new ApiError('not-found')
    }
    const plan = await demandPlan(actor, request.params.id)
    const file = path.join(documentFolder, plan.hash)
    if (!existsSync(file)) throw new ApiError('not-found', ['The file of the plan is gone.'])
    return reply.type(plan.mediaType).send(createReadStream(file))
  })

  serve(contract.markAsset, async ({ params, body, actor }) => {
    const plan = await demandPlan(actor, params.id)
    const asset = await demandAsset(actor, params.assetId)
    const { all } = await demandPlace(actor, plan.locationId)
    if (asset.location_id === null || !within(plan.locationId, all).includes(asset.location_id)) {
      throw new Refusal('not-on-this-plan', ['Put the device into a room of this place first.'])
    }
    await db.transaction().execute(async (trx) => {
      await plans.markAsset(trx, asset, plan.id, body.position)
      const deed = {
        siteId: asset.site_id,
        action: 'asset.marked',
        kind: 'asset',
        id: asset.id,
        after: { plan: plan.name, ...body.position },
        change: 'asset.changed',
      } as const
      await record(trx, actor, deed, now())
    })
    return undefined
  })

  serve(contract.getNetworkMap, async ({ query, actor }) => {
    const map = await readNetworkMap(db, actor.sites, query)
    return {
      nodes: map.nodes.map(nodeView),
      edges: map.edges.map((edge) => ({ ...edge, protocols: edge.protocols.slice(0, 8) })),
      isCut: map.isCut,
      ...present({
        from: map.from === undefined ? undefined : isoOf(map.from),
        until: map.until === undefined ? undefined : isoOf(map.until),
      }),
    }
  })

  serve(contract.getUse, async ({ params, actor }) => {
    const asset = await demandAsset(actor, params.id)
    const { timeZone, window, traffic, looked } = await readUse(db, asset)
    if (window === undefined) return { timeZone, cells: [] }
    return {
      timeZone,
      from: isoOf(window.from),
      until: isoOf(window.until),
      cells: [...useByHour(traffic, looked, window, offsetOf(timeZone))],
    }
  })

  serve(contract.listControls, async ({ params, actor }) => {
    const asset = await demandAsset(actor, params.id)
    const baseline = await readBaseline(db, asset.id)
    return { items: [...judgeControls(await readProtection(db, asset, baseline?.stage))] }
  })
}

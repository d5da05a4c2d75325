import * as contract from '@wardkeeper/contract'
import { demandPlace, demandUnprotected, pathTo, planPlaces, Refusal } from '@wardkeeper/core'
import { actAs } from '../../store/act-as.ts'
import { tellChange } from '../../store/changes.ts'
import type { Executor, Trx } from '../../store/database.ts'
import * as locations from '../../store/locations.ts'
import { protectedFields } from '../../store/protected-fields.ts'
import { newId } from '../../store/uuid.ts'
import { demandSite, type Actor } from '../actor.ts'
import type { Routes } from '../context.ts'
import { ApiError } from '../errors.ts'
import { readPlaceRows } from '../places-csv.ts'
import { placeView } from '../places-view.ts'
import { record } from '../record.ts'
import { present } from '../views.ts'

type PlaceRecord = locations.PlaceRecord

/** The tree of buildings, floors, units and rooms, and which devices are where. */
export const placeRoutes: Routes = (serve, { database: { db }, content, siteId: ownSite, now }) => {
  const answer = async (executor: Executor, actor: Actor) => {
    const sites = await executor
      .selectFrom('sites')
      .select(['id', 'name'])
      .orderBy('name')
      .execute()
    return {
      items: (await locations.readPlaces(executor, actor.sites)).map(placeView),
      sites: sites.filter(({ id }) => actor.sites === undefined || actor.sites.includes(id)),
    }
  }

  /** The place with the tree of its site, which nobody else changes until the transaction ends. */
  const demand = async (trx: Trx, actor: Actor, id: string) => {
    const seen = (await locations.readPlaces(trx, actor.sites)).find((place) => place.id === id)
    if (seen === undefined) throw new ApiError('not-found')
    const all = await locations.lockPlaces(trx, seen.siteId)
    const found = all.find((place) => place.id === id)
    if (found === undefined) throw new ApiError('not-found')
    return { found, all }
  }
  const note = (trx: Trx, actor: Actor, place: PlaceRecord, action: string, more: object) => {
    const deed = { siteId: place.siteId, action, kind: 'location', id: place.id, ...more }
    return record(trx, actor, { ...deed, change: 'asset.changed' }, now())
  }

  serve(contract.listPlaces, ({ actor }) => answer(db, actor))

  serve(contract.addPlace, ({ body, actor }) =>
    db.transaction().execute(async (trx) => {
      const { kind, name, parentId, serviceLine, hours } = body
      const siteId = body.siteId ?? ownSite
      demandSite(actor, siteId)
      const all = await locations.lockPlaces(trx, siteId)
      const place = { id: newId(), parentId, kind, name, serviceLine, hours }
      demandPlace(place, all)
      await locations.addPlaces(trx, siteId, [place])
      const added = { ...place, siteId, devices: 0, planId: undefined }
      await note(trx, actor, added, 'location.added', { after: place })
      return placeView(added)
    }),
  )

  serve(contract.changePlace, ({ params, body, actor }) =>
    db.transaction().execute(async (trx) => {
      const { found, all } = await demand(trx, actor, params.id)
      const { reason, parentId, name, serviceLine, hours } = body
      const changed: PlaceRecord = {
        ...found,
        ...present({ name, serviceLine, hours }),
        parentId: parentId === undefined ? found.parentId : (parentId ?? undefined),
      }
      demandPlace(changed, all)
      const follow = await locations.fieldsThatFollow(trx, changed, all)
      const held = await protectedFields(trx, found.siteId, content.protectedFields)
      demandUnprotected(Object.fromEntries(follow.map((field) => [field, [null, null]])), held)
      await actAs(trx, { by: actor.username, cause: 'declared', reason })
      await locations.changePlace(trx, changed, all)
      await note(trx, actor, found, 'location.changed', { reason, before: found, after: changed })
      return placeView(changed)
    }),
  )

  serve(contract.endPlace, ({ params, body, actor }) =>
    db.transaction().execute(async (trx) => {
      const { found, all } = await demand(trx, actor, params.id)
      const inside = all.filter(({ parentId }) => parentId === found.id).length
      if (inside + found.devices > 0) {
        throw new Refusal('place-not-empty', [
          `${found.devices} devices and ${inside} places are in it: move them first.`,
        ])
      }
      await locations.endPlace(trx, found.id, now())
      await note(trx, actor, found, 'location.ended', { reason: body.reason, before: found })
      return answer(trx, actor)
    }),
  )

  serve(contract.importPlaces, ({ body, actor }) =>
    db.transaction().execute(async (trx) => {
      const siteId = body.siteId ?? ownSite
      demandSite(actor, siteId)
      const all = await locations.lockPlaces(trx, siteId)
      const plan = planPlaces(readPlaceRows(body.csv), all, newId)
      const tree = new Map([...all, ...plan.added].map((place) => [place.id, place]))
      const examples = plan.added.slice(0, 10).map(({ id }) =>
        pathTo(id, tree)
          .map(({ name }) => name)
          .join(' > '),
      )
      const result = {
        added: plan.added.length,
        known: plan.known,
        errors: [...plan.errors],
        examples,
      }
      if (body.isDryRun || plan.added.length === 0) return result
      await locations.addPlaces(trx, siteId, plan.added)
      const deed = {
        siteId,
        action: 'locations.imported',
        kind: 'site',
        id: siteId,
        after: { added: result.added, refused: result.errors.length },
        change: 'asset.changed',
      } as const
      await record(trx, actor, deed, now())
      return result
    }),
  )

  serve(contract.placeAssets, ({ params, body, actor }) =>
    db.transaction().execute(async (trx) => {
      const { found, all } = await demand(trx, actor, params.id)
      const own = await trx
        .selectFrom('assets')
        .select('id')
        .where('id', 'in', body.assetIds)
        .where('site_id', '=', found.siteId)
        .where('merged_into', 'is', null)
        .execute()
      if (own.length !== new Set(body.assetIds).size) {
        throw new ApiError('not-found', ['A device of the list is not of this site.'])
      }
      const held = await protectedFields(trx, found.siteId, content.protectedFields)
      demandUnprotected({ unit: [null, null], room: [null, null] }, held)
      await actAs(trx, { by: actor.username, cause: 'declared', reason: body.reason })
      const ids = own.map(({ id }) => id)
      await locations.placeAssets(trx, ids, found.id, all)
      await tellChange(trx, 'asset.changed', found.siteId, ids)
      const path = pathTo(found.id, new Map(all.map((one) => [one.id, one])))
      const after = { assets: ids, place: path.map(({ name }) => name) }
      await note(trx, actor, found, 'assets.placed', { reason: body.reason, after })
      return { placed: ids.length }
    }),
  )
}

import * as contract from '@wardkeeper/contract'
import { demandUnprotected, faultOfValue, keyOfLabel, Refusal } from '@wardkeeper/core'
import { actAs } from '../../store/act-as.ts'
import { findAsset } from '../../store/asset-list.ts'
import * as store from '../../store/asset-lists.ts'
import { tellChange } from '../../store/changes.ts'
import type { Executor, Trx } from '../../store/database.ts'
import { placeAssets, readPlaces } from '../../store/locations.ts'
import { protectedFields } from '../../store/protected-fields.ts'
import { demandSite, type Actor } from '../actor.ts'
import type { Routes } from '../context.ts'
import { ApiError } from '../errors.ts'
import { record } from '../record.ts'

/** Many devices at once, fields of the hospital, and views of the list. */
export const listRoutes: Routes = (serve, { database: { db }, content, siteId, now }) => {
  const note = (trx: Trx, actor: Actor, action: string, id: string, more: object, at = siteId) =>
    record(
      trx,
      actor,
      { siteId: at, action, kind: 'inventory', id, change: 'asset.changed', ...more },
      now(),
    )

  serve(contract.bulkChange, ({ body, actor }) =>
    db.transaction().execute(async (trx) => {
      const { assetIds, addTags = [], removeTags = [], owner, locationId, reason } = body
      const wanted = [...new Set(assetIds)]
      const assets = await store.lockChangeable(trx, actor.sites, wanted)
      const [first] = assets
      if (first === undefined || assets.length !== wanted.length) {
        throw new ApiError('not-found', ['A device of the list is not there any more.'])
      }
      if (assets.some(({ site_id: site }) => site !== first.site_id)) {
        throw new Refusal('several-sites', [
          'The devices are of several sites: take one at a time.',
        ])
      }
      const ids = assets.map(({ id }) => id)
      await actAs(trx, { by: actor.username, cause: 'declared', reason })
      if (addTags.length + removeTags.length > 0) {
        await store.changeTags(trx, ids, addTags, removeTags)
      }
      const held = await protectedFields(trx, first.site_id, content.protectedFields)
      if (owner !== undefined) {
        demandUnprotected({ owner: [null, owner] }, held)
        await store.setOwner(trx, ids, owner === '' ? null : owner)
      }
      if (locationId !== undefined) {
        demandUnprotected({ unit: [null, null], room: [null, null] }, held)
        const places = await readPlaces(trx, [first.site_id])
        if (!places.some(({ id }) => id === locationId)) throw new ApiError('not-found')
        await placeAssets(trx, ids, locationId, places)
      }
      await tellChange(trx, 'asset.changed', first.site_id, ids)
      await note(
        trx,
        actor,
        'assets.changed',
        'bulk',
        { reason, after: { ...body, assetIds: ids } },
        first.site_id,
      )
      return { changed: ids.length }
    }),
  )

  const fields = async (executor: Executor) => ({
    items: (await store.readCustomFields(executor, siteId)).map((field) => ({
      ...field,
      type: field.type as contract.CustomField['type'],
      choices: [...field.choices],
    })),
  })

  serve(contract.listCustomFields, () => fields(db))

  serve(contract.addCustomField, ({ body, actor }) =>
    db.transaction().execute(async (trx) => {
      demandSite(actor, siteId)
      const field = { ...body, key: keyOfLabel(body.label) }
      if (!(await store.addCustomField(trx, siteId, field))) {
        throw new Refusal('name-taken', [`There is a field called ${body.label} already.`])
      }
      await note(trx, actor, 'custom-field.added', field.key, { after: field })
      return fields(trx)
    }),
  )

  serve(contract.endCustomField, ({ params, body, actor }) =>
    db.transaction().execute(async (trx) => {
      demandSite(actor, siteId)
      if (!(await store.endCustomField(trx, siteId, params.id, now())))
        throw new ApiError('not-found')
      await note(trx, actor, 'custom-field.ended', params.id, { reason: body.reason })
      return fields(trx)
    }),
  )

  serve(contract.setCustomValues, ({ params, body, actor }) =>
    db.transaction().execute(async (trx) => {
      const asset = await findAsset(trx, actor.sites, params.id)
      if (asset === undefined) throw new ApiError('not-found')
      const known = await store.readCustomFields(trx, asset.site_id)
      const faults = Object.entries(body.values).flatMap(([key, value]) => {
        const field = known.find((one) => one.key === key)
        if (field === undefined) return [`${key}: there is no such field`]
        return value === '' ? [] : (faultOfValue(field, value) ?? [])
      })
      if (faults.length > 0) throw new ApiError('invalid-input', faults)
      await actAs(trx, { by: actor.username, cause: 'declared', reason: body.reason })
      const values = await store.setCustom(trx, asset.id, body.values)
      const deed = {
        siteId: asset.site_id,
        action: 'asset.custom-set',
        kind: 'asset',
        id: asset.id,
        reason: body.reason,
        before: asset.custom,
        after: values,
        change: 'asset.changed',
      } as const
      await record(trx, actor, deed, now())
      return { values: { ...values } }
    }),
  )

  const views = async (executor: Executor, { userId }: Actor) => ({
    items: (await store.readViews(executor, siteId, userId)).map(
      ({ id, name, search, is_shared: isShared, owner_id: owner }) => ({
        id,
        name,
        search,
        isShared,
        isOwn: owner === userId,
      }),
    ),
  })

  serve(contract.listViews, ({ actor }) => views(db, actor))

  serve(contract.saveView, ({ body, actor }) =>
    db.transaction().execute(async (trx) => {
      if (body.isShared) demandSite(actor, siteId)
      await store.saveView(trx, siteId, actor.userId, body, now())
      return views(trx, actor)
    }),
  )

  serve(contract.endView, ({ params, actor }) =>
    db.transaction().execute(async (trx) => {
      if (!(await store.endView(trx, actor.userId, params.id, now())))
        throw new ApiError('not-found')
      return views(trx, actor)
    }),
  )
}

import { listRegroupings, mergeAsset, splitAsset, undoRegrouping } from '@wardkeeper/contract'
import { findAsset } from '../../store/asset-list.ts'
import { appendAudit } from '../../store/audit.ts'
import { tellChange } from '../../store/changes.ts'
import type { Trx } from '../../store/database.ts'
import { appendOutbox } from '../../store/outbox.ts'
import { findMerge, listMerges, mergeByHand, splitByHand, undoMerge } from '../../store/regroup.ts'
import type { Actor } from '../actor.ts'
import type { Routes } from '../context.ts'
import { regroupedMessage } from '../declared-message.ts'
import { ApiError } from '../errors.ts'
import { isoOf, present } from '../views.ts'

/** Which records are one device: merged, split and taken back by hand. */
export const regroupRoutes: Routes = (serve, { database: { db }, bus, now }) => {
  const demandAsset = async (actor: Actor, id: string) => {
    const asset = await findAsset(db, actor.sites, id)
    if (asset === undefined) throw new ApiError('not-found')
    return asset
  }

  /** Writes down who did what and has the assets worked out again, all with the change itself. */
  const finish = async (
    trx: Trx,
    actor: Actor,
    { siteId, action, assetIds, reason, after }: Finished,
  ) => {
    await tellChange(trx, 'asset.changed', siteId, assetIds)
    await appendAudit(trx, {
      siteId,
      byName: actor.username,
      userId: actor.userId,
      action,
      subject: `asset:${assetIds[0]}`,
      reason,
      after,
    })
    await appendOutbox(trx, [regroupedMessage(siteId, assetIds)])
  }

  serve(listRegroupings, async ({ params, actor }) => {
    const { id } = await demandAsset(actor, params.id)
    const merges = await listMerges(db, id)
    return {
      items: merges.map((row) => ({
        id: row.id,
        kind: row.kind === 'split' ? ('split' as const) : ('merge' as const),
        into: { id: row.into_id, label: row.into_label },
        from: { id: row.from_id, label: row.from_label },
        because: row.because,
        by: row.by_name,
        time: isoOf(row.created_at),
        ...present({
          undone:
            row.undone_at === null
              ? undefined
              : {
                  by: row.undone_by ?? '',
                  because: row.undone_because ?? '',
                  time: isoOf(row.undone_at),
                },
        }),
      })),
    }
  })

  serve(mergeAsset, async ({ params, body, actor }) => {
    const into = await demandAsset(actor, params.id)
    const from = await demandAsset(actor, body.from)
    const decision = { by: actor.username, reason: body.reason }
    await db.transaction().execute(async (trx) => {
      await mergeByHand(trx, into.site_id, { from: from.id, into: into.id }, decision, now())
      await finish(trx, actor, {
        siteId: into.site_id,
        action: 'asset.merged',
        assetIds: [into.id, from.id],
        reason: body.reason,
        after: { into: into.id, from: from.id },
      })
    })
    bus.wake()
    return { id: into.id }
  })

  serve(splitAsset, async ({ params, body, actor }) => {
    const asset = await demandAsset(actor, params.id)
    const decision = { by: actor.username, reason: body.reason }
    const part = { from: asset.id, keys: body.keys }
    const id = await db.transaction().execute(async (trx) => {
      const made = await splitByHand(trx, asset.site_id, part, decision, now())
      await finish(trx, actor, {
        siteId: asset.site_id,
        action: 'asset.split',
        assetIds: [asset.id, made],
        reason: body.reason,
        after: { made, keys: body.keys },
      })
      return made
    })
    bus.wake()
    return { id }
  })

  serve(undoRegrouping, async ({ params, body, actor }) => {
    const merge = await findMerge(db, params.id)
    if (merge === undefined) throw new ApiError('not-found')
    await demandAsset(actor, merge.into_id)
    const decision = { by: actor.username, reason: body.reason }
    await db.transaction().execute(async (trx) => {
      const assetIds = await undoMerge(trx, merge, decision, now())
      await finish(trx, actor, {
        siteId: merge.site_id,
        action: 'asset.regrouping-undone',
        assetIds,
        reason: body.reason,
        after: { regrouping: merge.id, kind: merge.kind },
      })
    })
    bus.wake()
    return { id: merge.into_id }
  })
}

interface Finished {
  readonly siteId: string
  readonly action: string
  readonly assetIds: readonly string[]
  readonly reason: string
  readonly after: object
}

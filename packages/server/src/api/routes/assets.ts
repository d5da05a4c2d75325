import {
  countAssets,
  declareAsset,
  getAsset,
  listAssets,
  listConversations,
  listObservations,
} from '@wardkeeper/contract'
import {
  changesOf,
  demandUnprotected,
  isHabit,
  type Baseline,
  type FieldChanges,
} from '@wardkeeper/core'
import { actAs } from '../../store/act-as.ts'
import { appendAudit } from '../../store/audit.ts'
import type { FacetValue } from '../../store/asset-counts.ts'
import * as list from '../../store/asset-list.ts'
import { assetAt } from '../../store/asset-history.ts'
import { declareAttributes, declaredValues } from '../../store/asset-declare.ts'
import {
  type ConversationRecord,
  readConversations,
  readObservations,
} from '../../store/asset-traffic.ts'
import { readBaseline } from '../../store/baselines.ts'
import { tellChange } from '../../store/changes.ts'
import { protectedFields } from '../../store/protected-fields.ts'
import { wantedOf } from './history.ts'
import type { Routes } from '../context.ts'
import type { Actor } from '../actor.ts'
import { ApiError } from '../errors.ts'
import { assetDetailView } from '../asset-detail.ts'
import { assetView, isoOf, present } from '../views.ts'

/** The inventory. */
export const assetRoutes: Routes = (serve, { database: { db }, content }) => {
  const demandAsset = async (actor: Actor, id: string) => {
    const asset = await list.findAsset(db, actor.sites, id)
    if (asset === undefined) throw new ApiError('not-found')
    return asset
  }

  serve(listAssets, async ({ query, actor }) => {
    const page = await list.listAssets(db, actor.sites, query)
    return { items: page.items.map(assetView), ...present({ next: page.next }), total: page.total }
  })

  serve(countAssets, async ({ query, actor }) => {
    const [facets, tags] = await Promise.all([
      list.countFacets(db, actor.sites, query),
      list.countTags(db, actor.sites, query),
    ])
    const view = (values: readonly FacetValue[]) =>
      values.map(({ value, count }) => ({ ...present({ value }), count }))
    return {
      total: facets.total,
      type: view(facets.type),
      category: view(facets.category),
      manufacturer: view(facets.manufacturer),
      unit: view(facets.unit),
      state: view(facets.state),
      connected: view(facets.is_connected),
      tag: view(tags),
    }
  })

  serve(getAsset, async ({ params, query, actor }) => {
    const asset = await demandAsset(actor, params.id)
    if (query.at === undefined) return assetDetailView(db, asset, content.knowledge)
    const at = Date.parse(query.at)
    const then = await assetAt(db, asset, at)
    if (then === undefined) throw new ApiError('not-found', ['The device was not known then.'])
    return assetDetailView(db, then, content.knowledge, at)
  })

  serve(listObservations, async ({ params, query, actor }) => {
    const { id } = await demandAsset(actor, params.id)
    const page = await readObservations(db, id, query)
    return {
      items: page.items.map((row) => ({
        field: row.field,
        value: row.value,
        first: isoOf(row.first_seen),
        last: isoOf(row.last_seen),
        count: row.count,
        sensor: row.sensor,
        ...present({ file: row.file, frame: row.frame }),
      })),
      ...present({ next: page.next }),
      total: page.total,
    }
  })

  serve(listConversations, async ({ params, query, actor }) => {
    const { id } = await demandAsset(actor, params.id)
    const [page, baseline] = await Promise.all([
      readConversations(db, id, query),
      readBaseline(db, id),
    ])
    return {
      items: page.items.map((row) => ({
        ...present({
          peerId: row.peer_id,
          protocol: row.protocol,
          isNormal: isNormal(row, baseline),
        }),
        peer: row.peer,
        direction: row.direction,
        transport: row.transport,
        port: row.port,
        sessions: row.sessions,
        bytesSent: row.bytes_sent,
        bytesReceived: row.bytes_received,
        first: isoOf(row.first_seen),
        last: isoOf(row.last_seen),
      })),
      ...present({ next: page.next }),
      total: page.total,
    }
  })

  const isNormal = (row: ConversationRecord, baseline: Baseline | undefined) =>
    isHabit(
      baseline,
      {
        direction: row.direction === 'to-peer' ? 'out' : 'in',
        transport: row.transport,
        port: row.port,
        protocol: row.protocol ?? undefined,
        // Without an asset the peer is told by its address.
        peer: row.peer_id === null ? { ip: row.peer } : { ip: '', assetId: row.peer_id },
      },
      content.learning,
    )

  serve(declareAsset, async ({ params, body, actor }) => {
    const before = await demandAsset(actor, params.id)
    const { reason, ...fields } = body
    const changes = changesOf(declaredValues(before), wantedOf(fields))
    await db.transaction().execute(async (trx) => {
      demandUnprotected(
        changes,
        await protectedFields(trx, before.site_id, content.protectedFields),
      )
      await actAs(trx, { by: actor.username, cause: 'declared', reason })
      await declareAttributes(trx, before.id, wantedOf(fields))
      await tellChange(trx, 'asset.changed', before.site_id, [before.id])
      await appendAudit(trx, {
        siteId: before.site_id,
        byName: actor.username,
        userId: actor.userId,
        action: 'asset.declared',
        subject: `asset:${before.id}`,
        reason,
        before: valuesOf(changes, 0),
        after: valuesOf(changes, 1),
      })
    })
    return assetDetailView(db, await demandAsset(actor, before.id), content.knowledge)
  })
}

function valuesOf(changes: FieldChanges, side: 0 | 1) {
  return Object.fromEntries(Object.entries(changes).map(([field, pair]) => [field, pair[side]]))
}

import { assetPresence, listPresence, type PresenceEvent } from '@wardkeeper/contract'
import { findAsset } from '../../store/asset-list.ts'
import * as presence from '../../store/presence.ts'
import type { Routes } from '../context.ts'
import { ApiError } from '../errors.ts'
import { isoOf, present } from '../views.ts'

const EVENTS_PER_ASSET = 100

/** Who is there, who came and who went. */
export const presenceRoutes: Routes = (serve, { database: { db } }) => {
  serve(assetPresence, async ({ params, actor }) => {
    const asset = await findAsset(db, actor.sites, params.id)
    if (asset === undefined) throw new ApiError('not-found')
    const events = await presence.listPresence(db, { assetId: asset.id, limit: EVENTS_PER_ASSET })
    return { ...present({ reason: asset.presence_reason }), events: events.map(eventView) }
  })

  serve(listPresence, async ({ query, actor }) => {
    const since = query.since === undefined ? undefined : Date.parse(query.since)
    const { sites } = actor
    const events = await presence.listPresence(db, { sites, since, limit: query.limit })
    return { items: events.map(eventView) }
  })
}

type Row = Awaited<ReturnType<typeof presence.listPresence>>[number]

function eventView(row: Row): PresenceEvent {
  return {
    id: row.id,
    asset: { id: row.asset_id, label: row.label },
    kind: row.kind as PresenceEvent['kind'],
    time: isoOf(row.time),
    noticed: isoOf(row.created_at),
    detail: row.detail,
  }
}

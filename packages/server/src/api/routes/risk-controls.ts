import {
  approveRiskControl,
  confirmRiskControl,
  endRiskControl,
  listRiskControls,
  proposeRiskControl,
  type RiskControlView,
} from '@wardkeeper/contract'
import { Refusal, type ControlKind, type ControlState } from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor, Trx } from '../../store/database.ts'
import { inSites } from '../../store/keyset.ts'
import { judgeControls } from '../../store/risk-controls.ts'
import { demandOther } from '../../store/risk-settings.ts'
import { toDatabaseTime } from '../../store/time.ts'
import { newId } from '../../store/uuid.ts'
import type { Actor } from '../actor.ts'
import type { Routes } from '../context.ts'
import { ApiError } from '../errors.ts'
import { record } from '../record.ts'
import { isoOf, present } from '../views.ts'

/** Compensating controls: proposed, approved by somebody else, and believed only while they are seen to work. */
export const riskControlRoutes: Routes = (serve, { database: { db }, content, now }) => {
  const show = async (actor: Actor, id: string) => {
    const [view] = await readControls(db, actor, id)
    if (view === undefined) throw new ApiError('not-found')
    return view
  }

  serve(listRiskControls, async ({ actor }) => ({ items: await readControls(db, actor) }))

  serve(proposeRiskControl, async ({ body, actor }) => {
    if (body.kind === 'closed-service' && body.service === undefined) {
      throw new ApiError('invalid-input', ['service: say which service is closed, like tcp/23'])
    }
    const assetIds = [...new Set(body.assetIds)].toSorted()
    const id = newId()
    await db.transaction().execute(async (trx) => {
      const siteId = await siteOf(trx, actor, assetIds)
      const time = toDatabaseTime(now())
      await trx
        .insertInto('compensating_controls')
        .values({
          id,
          site_id: siteId,
          kind: body.kind,
          name: body.name,
          reason: body.reason,
          asset_ids: assetIds,
          service: body.service ?? null,
          allowed: body.allowed,
          proposed_by: actor.userId,
          proposed_at: time,
          confirmed_at: time,
        })
        .execute()
      await settle(trx, actor, { id, siteId, what: 'proposed', reason: body.reason, after: body })
    })
    return await show(actor, id)
  })

  serve(approveRiskControl, async ({ params, actor }) => {
    await db.transaction().execute(async (trx) => {
      const row = await lock(trx, actor, params.id)
      if (row.approved_at !== null)
        throw new Refusal('approved-before', ['It was approved before.'])
      demandOther(row.proposed_by, actor.userId)
      const time = toDatabaseTime(now())
      await trx
        .updateTable('compensating_controls')
        .set({ approved_by: actor.userId, approved_at: time, confirmed_at: time })
        .where('id', '=', row.id)
        .execute()
      await settle(trx, actor, { id: row.id, siteId: row.site_id, what: 'approved' })
    })
    return await show(actor, params.id)
  })

  serve(confirmRiskControl, async ({ params, actor }) => {
    await db.transaction().execute(async (trx) => {
      const row = await lock(trx, actor, params.id)
      await trx
        .updateTable('compensating_controls')
        .set({ confirmed_at: toDatabaseTime(now()) })
        .where('id', '=', row.id)
        .execute()
      await settle(trx, actor, { id: row.id, siteId: row.site_id, what: 'confirmed' })
    })
    return await show(actor, params.id)
  })

  serve(endRiskControl, async ({ params, actor }) => {
    await db.transaction().execute(async (trx) => {
      const row = await lock(trx, actor, params.id)
      await trx
        .updateTable('compensating_controls')
        .set({ ended_at: toDatabaseTime(now()) })
        .where('id', '=', row.id)
        .execute()
      await settle(trx, actor, { id: row.id, siteId: row.site_id, what: 'ended' })
    })
    return await show(actor, params.id)
  })

  interface Deed {
    readonly id: string
    readonly siteId: string
    readonly what: string
    readonly reason?: string
    readonly after?: unknown
  }
  const settle = async (trx: Trx, actor: Actor, { what, ...deed }: Deed) => {
    await judgeControls(trx, deed.siteId, content.risk.method, now())
    const action = `risk-control.${what}`
    await record(
      trx,
      actor,
      { ...deed, action, kind: 'risk-control', change: 'asset.changed' },
      now(),
    )
  }
}

/** The one site that all these devices belong to and that the actor may see. */
async function siteOf(trx: Trx, actor: Actor, assetIds: readonly string[]): Promise<string> {
  const where = [
    sql`id = any(${assetIds}::uuid[]) and merged_into is null`,
    ...inSites(sql`site_id`, actor.sites),
  ]
  const { rows } = await sql<{ id: string; site_id: string }>`
    select id, site_id from assets where ${sql.join(where, sql` and `)}`.execute(trx)
  const [siteId, ...others] = new Set(rows.map((row) => row.site_id))
  if (siteId === undefined || rows.length < assetIds.length) throw new ApiError('not-found')
  if (others.length > 0) {
    throw new ApiError('invalid-input', ['assetIds: all devices must be of one site'])
  }
  return siteId
}

async function lock(trx: Trx, actor: Actor, id: string) {
  const row = await trx
    .selectFrom('compensating_controls')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (row === undefined || !(actor.sites?.includes(row.site_id) ?? true)) {
    throw new ApiError('not-found')
  }
  if (row.ended_at !== null) throw new Refusal('control-ended', ['It was taken back before.'])
  return row
}

async function readControls(db: Executor, actor: Actor, id?: string): Promise<RiskControlView[]> {
  const where = [
    ...inSites(sql`c.site_id`, actor.sites),
    ...(id === undefined ? [] : [sql`c.id = ${id}`]),
    sql`true`,
  ]
  const { rows } = await sql<{
    id: string
    name: string
    kind: ControlKind
    reason: string
    service: string | null
    allowed: string[]
    by: string
    by_id: string
    approved_by: string | null
    confirmed_at: number
    ended_at: number | null
    assets: { id: string; label: string; state: ControlState; because: string; since: string }[]
  }>`
    select c.id, c.name, c.kind, c.reason, c.service, c.allowed, p.username as by, p.id as by_id,
      a.username as approved_by, c.confirmed_at, c.ended_at, coalesce((
        select json_agg(json_build_object('id', assets.id, 'label', assets.label, 'state', s.state,
          'because', s.because, 'since', s.since) order by s.state, assets.label)
        from control_sights s join assets on assets.id = s.asset_id where s.control_id = c.id and s.until is null
      ), '[]') as assets
    from compensating_controls c join users p on p.id = c.proposed_by left join users a on a.id = c.approved_by
    where ${sql.join(where, sql` and `)} order by c.ended_at is not null, c.name, c.id`.execute(db)
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    kind: row.kind,
    reason: row.reason,
    allowed: row.allowed,
    by: row.by,
    isOwn: row.by_id === actor.userId,
    confirmed: isoOf(row.confirmed_at),
    assets: row.assets.map((asset) => ({ ...asset, since: isoOf(Date.parse(asset.since)) })),
    ...present({
      service: row.service,
      approvedBy: row.approved_by,
      ended: row.ended_at === null ? undefined : isoOf(row.ended_at),
    }),
  }))
}

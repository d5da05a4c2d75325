import type { PresenceKind } from '@wardkeeper/core'
import { sql, type RawBuilder } from 'kysely'
import { moment, toJson } from './column-types.ts'
import type { Db, Executor, Trx } from './database.ts'
import { NEVER } from './sights.ts'
import { toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'

export interface PresenceEvent {
  readonly assetId: string
  readonly kind: PresenceKind
  /** Milliseconds since 1970, by the clock of the frames. */
  readonly time: number
  readonly detail: string
}

export async function addPresence(
  trx: Trx,
  siteId: string,
  events: readonly PresenceEvent[],
): Promise<void> {
  if (events.length === 0) return
  await sql`
    insert into presence_events (id, site_id, asset_id, kind, time, detail)
    select id, ${siteId}, asset_id, kind, time, detail
    from unnest(${events.map(() => newId())}::uuid[], ${events.map(({ assetId }) => assetId)}::uuid[],
      ${events.map(({ kind }) => kind)}::text[], ${events.map(({ time }) => toDatabaseTime(time))}::timestamptz[],
      ${events.map(({ detail }) => detail)}::text[]) as new (id, asset_id, kind, time, detail)`.execute(
    trx,
  )
}

/** Events of one asset, or of all assets of these sites, newest first. */
export async function listPresence(
  db: Executor,
  {
    assetId,
    sites,
    since,
    limit,
  }: {
    readonly assetId?: string
    readonly sites?: readonly string[] | undefined
    readonly since?: number | undefined
    readonly limit: number
  },
) {
  let query = db
    .selectFrom('presence_events')
    .innerJoin('assets', 'assets.id', 'presence_events.asset_id')
    .select([
      'presence_events.id',
      'asset_id',
      'label',
      'kind',
      'time',
      'detail',
      'presence_events.created_at',
    ])
    .orderBy('presence_events.id', 'desc')
    .limit(limit)
  if (assetId !== undefined) query = query.where('asset_id', '=', assetId)
  if (sites !== undefined)
    query = query.where(sql<boolean>`presence_events.site_id = any(${sites}::text[])`)
  if (since !== undefined) query = query.where('presence_events.created_at', '>', moment(since))
  return await query.execute()
}

/** These are seen again. */
export async function forgetReasons(trx: Trx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await sql`update assets set presence_reason = null
    where id = any(${ids}::uuid[]) and presence_reason is not null`.execute(trx)
}

export interface Silent {
  readonly id: string
  readonly site_id: string
  readonly state: string
  readonly category: string | null
  readonly last_seen: number
  /** Sensors that ever saw it. */
  readonly sensors: readonly string[]
}

/** A sensor that has not reported for so long sees nothing. */
const FRESH_MS = 30_000

/** Both are held by who judges: a sight is written without its asset. */
const WITH_SIGHTS = sql`assets a join asset_sights s on s.asset_id = a.id`

/** By category, '' for all others. */
type Limits = Readonly<Record<string, { readonly quiet: number; readonly missing: number }>>

/** Assets `a` with their sights `s` that were not seen for longer than their category may be silent, and are not called so yet. */
function areSilent(limits: Limits, now: number): RawBuilder<boolean> {
  const limit = (name: 'quiet' | 'missing') =>
    sql`coalesce((${toJson(limits)}::jsonb -> coalesce(a.category, '') ->> ${name})::float8,
      (${toJson(limits)}::jsonb -> '' ->> ${name})::float8) * interval '1 ms'`
  const time = sql`${toDatabaseTime(now)}::timestamptz`
  const quietest = Math.min(...Object.values(limits).map(({ quiet }) => quiet))
  return sql`a.merged_into is null and a.is_connected and a.presence_reason is null
    and s.seen > ${NEVER} and s.seen < ${time} - ${quietest} * interval '1 ms'
    and (a.state = 'active' and s.seen < ${time} - ${limit('quiet')}
      or a.state = 'quiet' and s.seen < ${time} - ${limit('missing')})`
}

/** Some of them, longest silent first, with the sensors that saw them. */
export async function findSilent(
  trx: Trx,
  limits: Limits,
  now: number,
): Promise<readonly Silent[]> {
  // By a reckoned time: in the order of the index all that are missing for long would be asked for one by one, 185 > 80 ms for
  // 30,000 of 100,000.
  const { rows } = await sql<Silent>`
    select a.id, a.site_id, a.state, a.category, s.seen as last_seen, array(
      select distinct n.name from observations o join observation_names n on n.id = o.sensor
      where o.asset = a.number) as sensors
    from ${WITH_SIGHTS} where ${areSilent(limits, now)}
    order by s.seen + interval '0' limit 500 for update of a, s skip locked`.execute(trx)
  return rows
}

/** So many are held while they are written: a stage that wants one of them does not wait for all. */
const AT_ONCE = 500

/** Where no sensor sees at all, one sentence holds for every silent asset. */
export async function excuseSilent(
  db: Db,
  limits: Limits,
  reason: string,
  now: number,
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select a.id from ${WITH_SIGHTS} where ${areSilent(limits, now)} order by a.id`.execute(db)
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    const some = rows.slice(start, start + AT_ONCE).map(({ id }) => id)
    // Whose sight is locked is being seen at this moment.
    await sql`update assets set presence_reason = ${reason} where id in (
      select a.id from ${WITH_SIGHTS} where a.id = any(${some}::uuid[]) and ${areSilent(limits, now)}
      for update of a, s skip locked)`.execute(db)
  }
}

/** A sensor sees again: whoever was excused is judged anew. */
export async function forgetExcuses(db: Db): Promise<void> {
  let after = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    // Each alone and in the order of ids, so that nobody who holds one of them waits for us: none is left out.
    const { rows } = await sql<{ id: string }>`
      update assets set presence_reason = null where id in (
        select id from assets where presence_reason is not null and id > ${after}
        order by id limit ${AT_ONCE} for no key update) returning id`.execute(db)
    if (rows.length === 0) return
    after = rows.reduce((most, { id }) => (id > most ? id : most), after)
  }
}

/** A VLAN that is silent for longer is taken to be no part of the mirror any more, not to be unheard. */
const SILENT_VLAN_MS = 7 * 86_400_000

/**
 * What the sensors of all sites say of themselves now. One that loses frames, hears one side only or lost a VLAN sees nobody
 * leave: which devices it misses is not known.
 */
export async function loadWatchers(db: Executor, now: number) {
  const recently = toDatabaseTime(now - SILENT_VLAN_MS)
  const rows = await db
    .selectFrom('sensors')
    .select(['id', 'site_id', 'name', 'kind', 'state', 'reported_at', 'last_frame', 'problem'])
    .select(
      sql<boolean>`exists (
        select 1 from sensor_health as h
        where h.sensor = sensors.id and h.until is null
          and (h.code in ('kernel-drops', 'one-sided', 'silent')
            or h.code = 'silent-vlan' and h.since > ${recently}))`.as('is_hindered'),
    )
    .execute()
  return rows.map((row) => ({
    id: row.id,
    siteId: row.site_id,
    name: row.name,
    lastFrame: row.last_frame ?? 0,
    isSeeing:
      row.kind !== 'capture' &&
      row.state === 'running' &&
      row.problem === null &&
      !row.is_hindered &&
      row.reported_at > now - FRESH_MS,
  }))
}

export async function savePresence(
  trx: Trx,
  asset: { readonly id: string; readonly state: string; readonly reason: string | undefined },
): Promise<void> {
  await trx
    .updateTable('assets')
    .set({ state: asset.state, presence_reason: asset.reason ?? null })
    .where('id', '=', asset.id)
    .execute()
}

import {
  isViolation,
  judgeControl,
  segmentOf,
  type CompensatingControl,
  type ControlJudgement,
  type ControlSight,
  type RiskMethod,
  type SeenPeer,
} from '@wardkeeper/core'
import { sql } from 'kysely'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import { methodOfSite } from './risk-methods.ts'
import { queueRisk } from './risk-scores.ts'
import { toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'

export interface ControlRecord {
  readonly id: string
  readonly site_id: string
  readonly kind: CompensatingControl['kind']
  readonly name: string
  readonly reason: string
  readonly asset_ids: readonly string[]
  readonly service: string | null
  readonly allowed: readonly string[]
  readonly approved_at: number | null
  readonly confirmed_at: number
  readonly ended_at: number | null
}

/**
 * Looks whether controls do what they are for: all of a site, or those that protect one of these assets. What
 * changed is written down with its reason, and the scores of the assets wait to be made again.
 */
export async function judgeControls(
  trx: Trx,
  siteId: string,
  standard: RiskMethod,
  now: number,
  assetIds?: readonly string[],
): Promise<void> {
  const touched = assetIds === undefined ? sql`true` : sql`asset_ids && ${assetIds}::uuid[]`
  const { rows } = await sql<ControlRecord>`
    select id, site_id, kind, name, reason, asset_ids, service, allowed, approved_at, confirmed_at, ended_at
    from compensating_controls c where site_id = ${siteId} and ${touched} and (ended_at is null or exists (
      select from control_sights s where s.control_id = c.id and s.until is null and s.state <> 'ended'))
    order by id for update`.execute(trx)
  if (rows.length === 0) return
  const { method } = await methodOfSite(trx, siteId, standard)
  const changed: string[] = []
  for (const row of rows) changed.push(...(await judgeOne(trx, row, method, now)))
  await queueRisk(trx, siteId, [...new Set(changed)].toSorted())
}

async function judgeOne(
  trx: Trx,
  row: ControlRecord,
  method: RiskMethod,
  now: number,
): Promise<readonly string[]> {
  const control = controlOf(row)
  const sights = await loadSights(trx, row, control, method)
  const current = await trx
    .selectFrom('control_sights')
    .select(['asset_id', 'state', 'because'])
    .where('control_id', '=', row.id)
    .where('until', 'is', null)
    .execute()
  const known = new Map(current.map((sight) => [sight.asset_id, sight]))
  const changed: string[] = []
  for (const [assetId, sight] of sights) {
    const judgement = judgeControl(control, sight, now, method)
    const before = known.get(assetId)
    if (before?.state === judgement.state) {
      if (before.because !== judgement.because) await sayAgain(trx, row.id, assetId, judgement)
      continue
    }
    await writeSight(trx, row, assetId, judgement, sight, now)
    changed.push(assetId)
  }
  return changed
}

export function controlOf(row: ControlRecord): CompensatingControl {
  return {
    id: row.id,
    kind: row.kind,
    approved: row.approved_at ?? undefined,
    confirmed: row.confirmed_at,
    ended: row.ended_at ?? undefined,
    allowed: row.allowed,
    ...(row.service === null ? {} : { service: row.service }),
  }
}

/** For each asset of the control: in which hours its segment was heard, and the newest contact that should not have been. */
async function loadSights(
  db: Executor,
  row: ControlRecord,
  control: CompensatingControl,
  method: RiskMethod,
): Promise<ReadonlyMap<string, ControlSight>> {
  const since = toDatabaseTime(control.approved ?? control.confirmed)
  const assets = await sql<{ id: string; ips: readonly string[] }>`
    select id, ips from assets where id = any(${row.asset_ids}::uuid[]) and merged_into is null order by id`.execute(
    db,
  )
  const peers = await sql<{
    asset_id: string
    peer: string
    peer_ip: string
    level: SeenPeer['level']
    service: string
    direction: SeenPeer['direction']
    last_seen: number
  }>`
    select asset_id, peer, peer_ip, level, service, direction, last_seen from risk_peers
    where asset_id = any(${row.asset_ids}::uuid[]) and last_seen > ${since}::timestamptz
    order by last_seen desc`.execute(db)
  const byAsset = Map.groupBy(peers.rows, (peer) => peer.asset_id)
  const result = new Map<string, ControlSight>()
  for (const { id, ips } of assets.rows) {
    const segments = [...new Set(ips.map((ip) => segmentOf(ip, method.reach.segmentBits)))]
    const heard = await sql<{ last: number | null }>`
      select max(last_seen) as last from risk_segments
      where site_id = ${row.site_id} and segment = any(${segments}::text[])
        and last_seen > ${since}::timestamptz`.execute(db)
    const seen = (byAsset.get(id) ?? [])
      .map((peer): SeenPeer => ({ ...peer, ip: peer.peer_ip, last: peer.last_seen }))
      .find((peer) => isViolation(control, peer))
    const from = Math.max(control.approved ?? control.confirmed, seen?.last ?? 0)
    result.set(id, {
      heardHours: await countHours(db, row.site_id, segments, from),
      coveredUntil: heard.rows[0]?.last ?? undefined,
      violation: seen && { peer: seen.ip, service: seen.service, time: seen.last },
    })
  }
  return result
}

/** Whole hours after a moment in which traffic of one of the segments was heard. */
async function countHours(
  db: Executor,
  siteId: string,
  segments: readonly string[],
  from: number,
): Promise<number> {
  const { rows } = await sql<{ hours: number }>`
    select count(distinct hour) as hours from risk_segment_hours
    where site_id = ${siteId} and segment = any(${[...segments]}::text[])
      and hour > ${toDatabaseTime(from)}::timestamptz`.execute(db)
  return Number(rows[0]?.hours ?? 0)
}

async function sayAgain(
  trx: Trx,
  controlId: string,
  assetId: string,
  { because }: ControlJudgement,
): Promise<void> {
  await trx
    .updateTable('control_sights')
    .set({ because })
    .where('control_id', '=', controlId)
    .where('asset_id', '=', assetId)
    .where('until', 'is', null)
    .execute()
}

async function writeSight(
  trx: Trx,
  row: ControlRecord,
  assetId: string,
  { state, because }: ControlJudgement,
  { violation }: ControlSight,
  now: number,
): Promise<void> {
  const time = toDatabaseTime(now)
  await trx
    .updateTable('control_sights')
    .set({ until: time })
    .where('control_id', '=', row.id)
    .where('asset_id', '=', assetId)
    .where('until', 'is', null)
    .execute()
  await trx
    .insertInto('control_sights')
    .values({
      id: newId(),
      control_id: row.id,
      asset_id: assetId,
      site_id: row.site_id,
      state,
      because,
      violation: violation === undefined ? null : toJson(violation),
      since: time,
    })
    .execute()
}

import {
  declaredState,
  labelOf,
  serialKeyOf,
  weaveClaims,
  type Claim,
  type DeclaredDevice,
  type Precedence,
} from '@wardkeeper/core'
import { sql } from 'kysely'
import { loadPrecedence, loadSetValues, valuesOfRecord } from './asset-values.ts'
import { CLAIMED_COLUMNS, claimedColumns } from './claimed-columns.ts'
import { saveClaims } from './claims.ts'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import { recordsOfAssets } from './declared-records.ts'
import { LAST_SEEN, NEVER } from './sights.ts'
import { toDatabaseTime, toIndexedText } from './time.ts'
import { newId } from './uuid.ts'

/** When a device was last seen that never was. */

export interface DeclaredAsset {
  readonly id: string
  readonly body: DeclaredDevice
}

/** Makes devices that only records know. Their MACs and serial numbers tie what the wire tells later to them. */
export async function createDeclaredAssets(
  trx: Trx,
  siteId: string,
  assets: readonly DeclaredAsset[],
  now: number,
): Promise<void> {
  if (assets.length === 0) return
  const time = toDatabaseTime(now)
  await sql`
    insert into assets (id, site_id, state, is_connected, label, first_seen)
    select new.id, ${siteId}, 'expected', false, '', ${time}::timestamptz
    from unnest(${assets.map(({ id }) => id)}::uuid[]) as new (id)`.execute(trx)
  await linkKeys(trx, siteId, assets, now)
}

/**
 * Makes devices of one source with all that it says of them, as `saveUnseenAssets` and `placeDeclared` would write it
 * afterwards: a row that is written once costs a third of one that is written three times.
 */
export async function createSaidAssets(
  trx: Trx,
  siteId: string,
  assets: readonly DeclaredAsset[],
  { source, precedence, now }: { source: string; precedence: Precedence; now: number },
): Promise<void> {
  if (assets.length === 0) return
  const claims = new Map<string, readonly Claim[]>()
  const rows = assets.map(({ id, body }) => {
    const own = weaveClaims([], valuesOfRecord(source, now, body), precedence)
    claims.set(id, own)
    const places = PLACES.map(([column, name]) => [column, body[name] ?? null] as const)
    return { ...rowOf(id, [body], own), ...Object.fromEntries(places) }
  })
  const columns = sql.raw([...WRITTEN, ...PLACES.map(([column]) => column)].join(', '))
  await sql`
    insert into assets (id, site_id, is_connected, first_seen, ${columns})
    select id, ${siteId}, false, ${toDatabaseTime(now)}::timestamptz, ${columns}
    from jsonb_populate_recordset(null::assets, ${toJson(rows)}::jsonb)`.execute(trx)
  await linkKeys(trx, siteId, assets, now)
  await saveClaims(trx, siteId, claims, now)
}

const WRITTEN = ['label', 'names', 'hostname', 'macs', 'state', ...CLAIMED_COLUMNS] as const

/** Ties the keys of records to their assets, where no other asset holds the key. */
export async function linkKeys(
  trx: Trx,
  siteId: string,
  assets: readonly DeclaredAsset[],
  now: number,
): Promise<void> {
  const links = assets.flatMap(({ id, body }) => [
    ...(body.macs ?? []).map((mac) => ({
      id: newId(),
      key: `mac:${mac}`,
      kind: 'mac',
      asset_id: id,
    })),
    ...serialKeys(body).map((key) => ({ id: newId(), key, kind: 'serial', asset_id: id })),
  ])
  if (links.length === 0) return
  await sql`
    insert into key_links (id, site_id, key, kind, asset_id, since)
    select distinct on (l.key) l.id, ${siteId}, l.key, l.kind, l.asset_id, ${toDatabaseTime(now)}::timestamptz
    from jsonb_to_recordset(${toJson(links)}::jsonb) as l (id uuid, key text, kind text, asset_id uuid)
    where not exists (select from key_links k where k.site_id = ${siteId} and k.key = l.key and k.until is null)
    on conflict do nothing`.execute(trx)
}

function serialKeys({ serial, manufacturer }: DeclaredDevice): readonly string[] {
  const bare = serialKeyOf(serial, undefined)
  const scoped = serialKeyOf(serial, manufacturer)
  if (bare === undefined || scoped === undefined || manufacturer === undefined) return []
  return [scoped, bare]
}

/** Of these assets those that were never seen on the network. */
export async function unseenOf(
  db: Executor,
  assetIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (assetIds.length === 0) return new Set()
  const { rows } = await sql<{ id: string }>`
    select id from assets where id = any(${assetIds}::uuid[]) and not is_connected and ${LAST_SEEN} <= ${NEVER}`.execute(
    db,
  )
  return new Set(rows.map((row) => row.id))
}

/** Writes what is declared of devices that were never seen: there is nothing else to say of them. */
export async function saveUnseenAssets(
  trx: Trx,
  siteId: string,
  assetIds: readonly string[],
  standard: Precedence,
  now: number,
): Promise<void> {
  if (assetIds.length === 0) return
  const [values, records, precedence] = [
    await loadSetValues(trx, assetIds),
    await recordsOfAssets(trx, assetIds),
    await loadPrecedence(trx, siteId, standard),
  ]
  const claims = new Map<string, readonly Claim[]>()
  const rows = assetIds.map((id) => {
    const said = (records.get(id) ?? []).map(({ body }) => body as DeclaredDevice)
    const own = weaveClaims([], values.get(id) ?? new Map(), precedence)
    claims.set(id, own)
    return rowOf(id, said, own)
  })
  const columns = WRITTEN.filter((name) => name !== 'state')
  await sql`
    update assets a set ${sql.raw(columns.map((name) => `${name} = r.${name}`).join(', '))},
      state = case when a.state in ('missing') then a.state else r.state end
    from jsonb_populate_recordset(null::assets, ${toJson(rows)}::jsonb) as r
    where a.id = r.id`.execute(trx)
  await saveClaims(trx, siteId, claims, now)
}

function rowOf(id: string, said: readonly DeclaredDevice[], claims: readonly Claim[]) {
  const hostname = said.find((body) => body.hostname !== undefined)?.hostname
  const macs = [...new Set(said.flatMap((body) => body.macs ?? []))]
  const names: Readonly<Record<string, string>> =
    hostname === undefined ? {} : { declared: hostname }
  const [first] = said
  const tag = first?.tag
  const label = labelOf(claims, names, [], macs)
  const described =
    claims.some(({ attribute }) => attribute === 'model') || hostname !== undefined
      ? label
      : (first?.description ?? label)
  const isMarked =
    claims.some(({ attribute }) => attribute === 'serial') ||
    tag === undefined ||
    described.includes(tag)
  return {
    id,
    label: toIndexedText(isMarked ? described : `${described} (${tag})`),
    names,
    hostname: hostname ?? null,
    macs,
    state: first === undefined ? 'retired' : declaredState(first),
    ...claimedColumns(claims),
  }
}

const PLACES = [
  ['unit', 'unit'],
  ['room', 'room'],
  ['owner', 'owner'],
  ['contract', 'contract'],
  ['warranty_until', 'warrantyUntil'],
] as const

/**
 * Writes place, owner and contract of records to their assets. What a person wrote there stays: only an empty column,
 * or a value that a record gave, is replaced.
 */
export async function placeDeclared(trx: Trx, assetIds: readonly string[]): Promise<void> {
  if (assetIds.length === 0) return
  const columns = PLACES.map(([column, name]) => {
    const cast = column === 'warranty_until' ? sql`::date` : sql``
    const told = sql.ref(`told_${column}`)
    const [now, said] = [sql`a.${sql.ref(column)}`, sql`s.${sql.ref(column)}`]
    const isOurs = sql`(${now} is null or ${now} = any(s.${told}))`
    return {
      read: sql`
        (array_agg((body ->> ${name})${cast} order by since desc, id desc) filter (where until is null and body ? ${name}))[1] as ${sql.ref(column)},
        array_agg((body ->> ${name})${cast}) filter (where body ? ${name}) as ${told}`,
      set: sql`${sql.ref(column)} = case when ${isOurs} then ${said} else ${now} end`,
      isOther: sql`${now} is distinct from ${said} and ${isOurs}`,
    }
  })
  await sql`
    with s as (
      select asset_id, ${sql.join(columns.map(({ read }) => read))}
      from declared_records where asset_id = any(${assetIds}::uuid[]) group by asset_id
    )
    update assets a set ${sql.join(columns.map(({ set }) => set))} from s
    where a.id = s.asset_id and (${sql.join(
      columns.map(({ isOther }) => isOther),
      sql` or `,
    )})`.execute(trx)
}

/** Devices that an import made and that nothing speaks for any more: they retire, and their keys are free. */
export async function retireUnspoken(
  trx: Trx,
  assetIds: readonly string[],
  now: number,
): Promise<readonly string[]> {
  if (assetIds.length === 0) return []
  const { rows } = await sql<{ id: string }>`
    update assets set state = 'retired' where id in (
      select a.id from assets a join asset_sights s on s.asset_id = a.id
      where a.id = any(${assetIds}::uuid[]) and not a.is_connected and s.seen <= ${NEVER}
        and not exists (select from declared_records d where d.asset_id = a.id and d.until is null)
      for update of a, s) returning id`.execute(trx)
  const ids = rows.map((row) => row.id)
  await sql`update key_links set until = ${toDatabaseTime(now)} where asset_id = any(${ids}::uuid[]) and until is null`.execute(
    trx,
  )
  return ids
}

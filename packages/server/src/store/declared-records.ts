import { createHash } from 'node:crypto'
import type { DeclaredDevice } from '@wardkeeper/core'
import { sql, type Selectable } from 'kysely'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import type { Schema } from './schema.gen.ts'
import { toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'

export type DeclaredRecord = Selectable<Schema['declared_records']>

/** What a source says of a device, to be kept. */
export interface NewRecord {
  readonly nativeKey: string
  readonly assetId: string
  readonly body: DeclaredDevice
}

export function digestOf(body: DeclaredDevice): string {
  const entries = Object.entries(body).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return createHash('sha256').update(JSON.stringify(entries)).digest('hex').slice(0, 32)
}

export async function currentRecords(
  db: Executor,
  siteId: string,
  source: string,
  nativeKeys: readonly string[],
): Promise<ReadonlyMap<string, DeclaredRecord>> {
  if (nativeKeys.length === 0) return new Map()
  const rows = await db
    .selectFrom('declared_records')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('source', '=', source)
    .where('until', 'is', null)
    .where((where) => where(where.ref('native_key'), '=', where.fn.any(where.val(nativeKeys))))
    .execute()
  return new Map(rows.map((row) => [row.native_key, row]))
}

/** Every current record of these assets, newest first. */
export async function recordsOfAssets(
  db: Executor,
  assetIds: readonly string[],
): Promise<ReadonlyMap<string, readonly DeclaredRecord[]>> {
  if (assetIds.length === 0) return new Map()
  const { rows } = await sql<DeclaredRecord>`
    select * from declared_records where asset_id = any(${assetIds}::uuid[]) and until is null order by since desc, id desc`.execute(
    db,
  )
  return Map.groupBy(rows, (row) => row.asset_id ?? '')
}

/** Keeps records: the same is only noted as seen again, a changed one ends and a new one begins. */
export async function saveRecords(
  trx: Trx,
  {
    siteId,
    source,
    importId,
    now,
  }: {
    readonly siteId: string
    readonly source: string
    readonly importId: string | undefined
    readonly now: number
  },
  records: readonly NewRecord[],
): Promise<ReadonlyMap<string, 'created' | 'updated' | 'unchanged'>> {
  const before = await currentRecords(
    trx,
    siteId,
    source,
    records.map(({ nativeKey }) => nativeKey),
  )
  const changes = new Map<string, 'created' | 'updated' | 'unchanged'>()
  const same: string[] = []
  const ended: string[] = []
  const fresh: object[] = []
  for (const { nativeKey, assetId, body } of records) {
    const old = before.get(nativeKey)
    const digest = digestOf(body)
    if (old !== undefined && old.digest === digest && old.asset_id === assetId) {
      changes.set(nativeKey, 'unchanged')
      same.push(old.id)
      continue
    }
    changes.set(nativeKey, old === undefined ? 'created' : 'updated')
    if (old !== undefined) ended.push(old.id)
    fresh.push({ id: newId(), native_key: nativeKey, asset_id: assetId, body, digest })
  }
  const time = toDatabaseTime(now)
  const by = importId ?? null
  if (same.length > 0)
    await sql`update declared_records set seen_import_id = ${by} where id = any(${same}::uuid[])`.execute(
      trx,
    )
  if (ended.length > 0)
    await sql`update declared_records set until = ${time}, ended_by = ${by} where id = any(${ended}::uuid[])`.execute(
      trx,
    )
  if (fresh.length > 0) {
    await sql`
      insert into declared_records (id, site_id, source, native_key, asset_id, body, digest, import_id, seen_import_id, since)
      select r.id, ${siteId}, ${source}, r.native_key, r.asset_id, r.body, r.digest, ${by}, ${by}, ${time}
      from jsonb_to_recordset(${toJson(fresh)}::jsonb) as r (id uuid, native_key text, asset_id uuid, body jsonb, digest text)`.execute(
      trx,
    )
  }
  return changes
}

/** Records of a source that a full export no longer has. */
export async function vanishedRecords(
  db: Executor,
  siteId: string,
  source: string,
  importId: string,
): Promise<readonly DeclaredRecord[]> {
  const { rows } = await sql<DeclaredRecord>`
    select * from declared_records where site_id = ${siteId} and source = ${source} and until is null
      and seen_import_id is distinct from ${importId} order by native_key`.execute(db)
  return rows
}

/** Ends what an import said and lets stand again what it had ended; answers with the assets concerned. */
export async function undoRecords(
  trx: Trx,
  importId: string,
  now: number,
): Promise<readonly string[]> {
  const time = toDatabaseTime(now)
  const { rows } = await sql<{ asset_id: string | null }>`
    with gone as (
      update declared_records set until = ${time} where import_id = ${importId} and until is null returning asset_id, site_id, source, native_key
    ), back as (
      select distinct on (d.site_id, d.source, d.native_key) d.* from declared_records d
      where d.ended_by = ${importId}
      order by d.site_id, d.source, d.native_key, d.since desc
    )
    select asset_id from gone union select asset_id from back`.execute(trx)
  // The statement before sees the table as it was; only now is the place of the ended record free.
  await sql`
    insert into declared_records (id, site_id, source, native_key, asset_id, body, digest, import_id, seen_import_id, since)
    select gen_random_uuid(), d.site_id, d.source, d.native_key, d.asset_id, d.body, d.digest, d.import_id, d.seen_import_id, ${time}
    from (select distinct on (site_id, source, native_key) * from declared_records where ended_by = ${importId}
      order by site_id, source, native_key, since desc) d
    where not exists (select from declared_records c where c.site_id = d.site_id and c.source = d.source
      and c.native_key = d.native_key and c.until is null)`.execute(trx)
  return [...new Set(rows.flatMap((row) => row.asset_id ?? []))]
}

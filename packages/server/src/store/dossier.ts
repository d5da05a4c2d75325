import { dueDates, Refusal, type Due, type Schedule } from '@wardkeeper/core'
import { sql } from 'kysely'
import { noteChange } from './asset-history.ts'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import { recordsOfAssets } from './declared-records.ts'
import { inSites } from './keyset.ts'
import { toDatabaseTime } from './time.ts'
import { newId } from './uuid.ts'

export type EntryKind = 'contract' | 'schedule' | 'cost'

export interface EntryRecord {
  readonly id: string
  readonly kind: EntryKind
  readonly body: unknown
  readonly by_name: string
  readonly created_at: number
}

/** What is written of a device, the newest first, and when each schedule is due. */
export async function readDossier(db: Executor, assetId: string, today: string) {
  const entries = await db
    .selectFrom('dossier_entries')
    .select(['id', 'kind', 'body', 'by_name', 'created_at'])
    .where('asset_id', '=', assetId)
    .where('ended_at', 'is', null)
    .orderBy('id', 'desc')
    .execute()
  const maintenance = await db
    .selectFrom('maintenance_records')
    .select(['date', 'by_name', 'what', 'schedule_id'])
    .where('asset_id', '=', assetId)
    .orderBy('date', 'desc')
    .orderBy('id', 'desc')
    .limit(200)
    .execute()
  const documents = await db
    .selectFrom('documents')
    .select(['id', 'name', 'media_type', 'bytes', 'by_name', 'created_at'])
    .where('asset_id', '=', assetId)
    .where('ended_at', 'is', null)
    .orderBy('id', 'desc')
    .execute()
  const records = (await recordsOfAssets(db, [assetId])).get(assetId) ?? []
  const schedules = entries.filter(({ kind }) => kind === 'schedule')
  const due: ReadonlyMap<string, Due> = dueDates(
    schedules.map(({ id, body }) => ({ ...(body as Omit<Schedule, 'id'>), id })),
    maintenance.map(({ date, schedule_id: id }) => ({ date, scheduleId: id ?? undefined })),
    today,
  )
  return { entries: entries as readonly EntryRecord[], maintenance, documents, records, due }
}

interface OwnAsset {
  readonly id: string
  readonly site_id: string
}

export async function addEntry(
  trx: Trx,
  asset: OwnAsset,
  kind: EntryKind,
  body: Readonly<Record<string, unknown>>,
  byName: string,
): Promise<string> {
  const id = newId()
  await trx
    .insertInto('dossier_entries')
    .values({
      id,
      site_id: asset.site_id,
      asset_id: asset.id,
      kind,
      body: toJson(body),
      by_name: byName,
    })
    .execute()
  await noteChange(trx, asset.site_id, asset.id, { [kind]: [null, nameOf(body)] })
  return id
}

/** Ends an entry; false when the device has no such entry. */
export async function endEntry(
  trx: Trx,
  asset: OwnAsset,
  entryId: string,
  now: number,
): Promise<boolean> {
  const ended = await trx
    .updateTable('dossier_entries')
    .set({ ended_at: toDatabaseTime(now) })
    .where('id', '=', entryId)
    .where('asset_id', '=', asset.id)
    .where('ended_at', 'is', null)
    .returning(['kind', 'body'])
    .executeTakeFirst()
  if (ended === undefined) return false
  const name = nameOf(ended.body as Record<string, unknown>)
  await noteChange(trx, asset.site_id, asset.id, { [ended.kind]: [name, null] })
  return true
}

/** What an entry is called in the history. */
function nameOf(body: Readonly<Record<string, unknown>>): string {
  return [
    body['provider'],
    body['name'],
    body['what'],
    body['number'],
    body['amount'],
    body['currency'],
    body['until'],
  ]
    .filter((part) => typeof part === 'string' || typeof part === 'number')
    .join(' ')
}

export async function addMaintenanceRecord(
  trx: Trx,
  asset: OwnAsset,
  record: {
    readonly date: string
    readonly by: string
    readonly what: string
    readonly scheduleId?: string | undefined
  },
): Promise<boolean> {
  if (record.scheduleId !== undefined) {
    const own = await trx
      .selectFrom('dossier_entries')
      .select('id')
      .where('id', '=', record.scheduleId)
      .where('asset_id', '=', asset.id)
      .where('kind', '=', 'schedule')
      .executeTakeFirst()
    if (own === undefined) return false
  }
  const { numInsertedOrUpdatedRows: added } = await trx
    .insertInto('maintenance_records')
    .values({
      id: newId(),
      site_id: asset.site_id,
      asset_id: asset.id,
      date: record.date,
      by_name: record.by,
      what: record.what,
      schedule_id: record.scheduleId ?? null,
    })
    // Who did it is not changed afterwards by who writes it down again.
    .onConflict((conflict) => conflict.columns(['asset_id', 'date', 'what']).doNothing())
    .executeTakeFirstOrThrow()
  if (added === 0n) {
    throw new Refusal('maintenance-known', [
      'This maintenance of that day is written down already.',
    ])
  }
  await noteChange(trx, asset.site_id, asset.id, {
    maintenance: [null, `${record.date} ${record.what}`],
  })
  return true
}

export interface DocumentFile {
  readonly name: string
  readonly mediaType: string
  readonly hash: string
  readonly bytes: number
}

export async function addDocumentRecord(
  trx: Trx,
  asset: OwnAsset,
  file: DocumentFile,
  byName: string,
): Promise<string> {
  const id = newId()
  const { name, mediaType: media_type, hash, bytes } = file
  const own = { site_id: asset.site_id, asset_id: asset.id, by_name: byName }
  await trx
    .insertInto('documents')
    .values({ id, ...own, name, media_type, hash, bytes })
    .execute()
  await noteChange(trx, asset.site_id, asset.id, { document: [null, name] })
  return id
}

export async function findDocument(db: Executor, sites: readonly string[] | undefined, id: string) {
  const { rows } = await sql<DocumentFile & OwnAsset & { readonly assetId: string }>`
    select id, site_id, asset_id as "assetId", name, media_type as "mediaType", hash, bytes from documents
    where id = ${id} and ended_at is null and ${inSites(sql`site_id`, sites)[0] ?? sql`true`}`.execute(
    db,
  )
  return rows[0]
}

export async function endDocumentRecord(
  trx: Trx,
  document: {
    readonly id: string
    readonly site_id: string
    readonly assetId: string
    readonly name: string
  },
  now: number,
): Promise<void> {
  await trx
    .updateTable('documents')
    .set({ ended_at: toDatabaseTime(now) })
    .where('id', '=', document.id)
    .execute()
  await noteChange(trx, document.site_id, document.assetId, { document: [document.name, null] })
}

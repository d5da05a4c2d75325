import type { ReconciliationDetail } from '@wardkeeper/contract'
import type { DeclaredDevice, Difference } from '@wardkeeper/core'
import type { AssetRecord } from '../store/assets.ts'
import type { Executor } from '../store/database.ts'
import { recordsOfAssets } from '../store/declared-records.ts'
import type { ItemCandidate, ItemRecord } from '../store/reconciliation.ts'
import { deviceOfProposal } from '../store/reconciliation-decide.ts'
import { LAST_SEEN } from '../store/sights.ts'
import { isoOf } from './views.ts'

type Sides = Pick<ReconciliationDetail, 'left' | 'right'>

/** The question on the left, what it may be on the right. */
export async function sidesOf(db: Executor, item: ItemRecord): Promise<Sides> {
  const candidates = item.candidates as readonly ItemCandidate[]
  const said = await rowOf(db, item)
  if (said !== undefined)
    return {
      left: { title: said.title, values: valuesOf(said.body), reasons: [] },
      right: await candidateSides(db, candidates),
    }
  if (item.asset_id === null)
    return { left: { title: item.title, values: {}, reasons: [] }, right: [] }
  const own = await assetSide(db, item.asset_id, 'Seen on the network')
  const records = (await recordsOfAssets(db, [item.asset_id])).get(item.asset_id) ?? []
  const ended =
    item.record_id === null
      ? undefined
      : await db
          .selectFrom('declared_records')
          .selectAll()
          .where('id', '=', item.record_id)
          .executeTakeFirst()
  const known = records.length > 0 || ended === undefined ? records : [ended]
  const sides = known.map(({ source, native_key: key, body }) => ({
    title: `Record of ${source} (${key})`,
    values: valuesOf(body as DeclaredDevice),
    reasons: [],
  }))
  return { left: own, right: [...sides, ...(await candidateSides(db, candidates))] }
}

async function rowOf(db: Executor, item: ItemRecord) {
  if (item.kind === 'proposal')
    return { title: 'Proposed', body: deviceOfProposal(item.differences as readonly Difference[]) }
  if (item.import_id === null || item.import_row === null) return undefined
  const row = await db
    .selectFrom('import_rows')
    .innerJoin('imports', 'imports.id', 'import_rows.import_id')
    .select(['device', 'imports.source', 'imports.name'])
    .where('import_id', '=', item.import_id)
    .where('row', '=', item.import_row)
    .executeTakeFirst()
  return row === undefined || row.device === null
    ? undefined
    : { title: `Row ${item.import_row} of ${row.name}`, body: row.device as DeclaredDevice }
}

async function candidateSides(
  db: Executor,
  candidates: readonly ItemCandidate[],
): Promise<Sides['right']> {
  const sides: Sides['right'] = []
  for (const { assetId, score, reasons } of candidates)
    sides.push({ ...(await assetSide(db, assetId, undefined)), score, reasons: [...reasons] })
  return sides
}

async function assetSide(
  db: Executor,
  assetId: string,
  title: string | undefined,
): Promise<Sides['left']> {
  const asset = await db
    .selectFrom('assets')
    .selectAll()
    .select(LAST_SEEN.as('last_seen'))
    .where('id', '=', assetId)
    .executeTakeFirst()
  if (asset === undefined) return { title: title ?? 'Gone', values: {}, reasons: [] }
  const isSeen = asset.is_connected
  const [record] =
    isSeen && title !== undefined ? [] : ((await recordsOfAssets(db, [assetId])).get(assetId) ?? [])
  const declared = record === undefined ? {} : valuesOf(record.body as DeclaredDevice)
  return {
    title: title === undefined || !isSeen ? asset.label : title,
    assetId,
    values: { ...declared, ...assetValues(asset) },
    reasons: [],
  }
}

function assetValues(asset: AssetRecord): Record<string, string> {
  const entries = {
    manufacturer: asset.manufacturer,
    model: asset.model,
    serial: asset.serial,
    type: asset.type,
    firmware: asset.firmware,
    os: asset.os,
    hostname: asset.hostname,
    mac: asset.macs.join(', '),
    ip: asset.ips.slice(0, 3).join(', '),
    unit: asset.unit,
    room: asset.room,
    owner: asset.owner,
    state: asset.state,
    lastSeen: asset.is_connected ? isoOf(asset.last_seen).slice(0, 16).replace('T', ' ') : 'never',
  }
  return Object.fromEntries(
    Object.entries(entries).filter(
      (entry): entry is [string, string] => entry[1] !== null && entry[1] !== '',
    ),
  )
}

function valuesOf(body: DeclaredDevice): Record<string, string> {
  const { macs, ips, category: _category, ...rest } = body
  return {
    ...rest,
    ...(macs === undefined ? {} : { mac: macs.join(', ') }),
    ...(ips === undefined ? {} : { ip: ips.join(', ') }),
  }
}

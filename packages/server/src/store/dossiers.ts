import type { Dossier, InUse } from '@wardkeeper/core'
import type { Selectable } from 'kysely'
import type { Executor } from './database.ts'
import { loadMaintenance } from './declarations.ts'
import type { Schema } from './schema.gen.ts'

/** What a person who must act needs to know of each of these devices, as it is now. */
export async function loadDossiers(
  db: Executor,
  assetIds: readonly string[],
): Promise<ReadonlyMap<string, Dossier>> {
  if (assetIds.length === 0) return new Map()
  const rows = await db.selectFrom('assets').selectAll().where('id', 'in', assetIds).execute()
  const maintenance = Map.groupBy(await loadMaintenance(db, assetIds), ({ asset_id: id }) => id)
  return new Map(rows.map((row) => [row.id, dossierOf(row, maintenance.get(row.id)?.[0])]))
}

function dossierOf(
  row: Selectable<Schema['assets']>,
  last: { readonly date: string; readonly by_name: string; readonly what: string } | undefined,
): Dossier {
  return {
    assetId: row.id,
    label: row.label,
    manufacturer: row.manufacturer ?? undefined,
    model: row.model ?? undefined,
    serial: row.serial ?? undefined,
    type: row.type ?? undefined,
    owner: row.owner ?? undefined,
    unit: row.unit ?? undefined,
    room: row.room ?? undefined,
    inUse: row.in_use as InUse,
    warrantyUntil: row.warranty_until ?? undefined,
    contract: row.contract ?? undefined,
    lastMaintenance: last && { date: last.date, by: last.by_name, what: last.what },
    openFindings:
      row.findings_critical + row.findings_high + row.findings_medium + row.findings_low,
  }
}

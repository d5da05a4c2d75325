import type { Dossier, Incident, IncidentState, Severity } from '@wardkeeper/core'
import type { Selectable } from 'kysely'
import { toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import type { Schema } from './schema.gen.ts'
import { toDatabaseText, toDatabaseTime, toDatabaseTimeOrNull } from './time.ts'

export type IncidentRecord = Selectable<Schema['incidents']>

/** Incidents that are not over, locked until the transaction ends. */
export async function lockOpenIncidents(
  trx: Trx,
  siteId: string,
  remedies: readonly string[],
): Promise<readonly Incident[]> {
  if (remedies.length === 0) return []
  const rows = await trx
    .selectFrom('incidents')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('remedy', 'in', remedies)
    .where('state', 'not in', ['resolved', 'reviewed'])
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map(incidentOf)
}

export async function readIncident(db: Executor, id: string): Promise<IncidentRecord | undefined> {
  return await db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst()
}

/** One incident, locked until the transaction ends. */
export async function lockIncident(trx: Trx, id: string): Promise<IncidentRecord | undefined> {
  return await trx
    .selectFrom('incidents')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

export async function saveIncident(trx: Trx, siteId: string, incident: Incident): Promise<void> {
  const row = {
    title: toDatabaseText(incident.title),
    severity: incident.severity,
    state: incident.state,
    remedy: incident.remedy,
    actor_id: incident.actorId ?? null,
    asset_ids: incident.assetIds,
    detection_ids: incident.detectionIds,
    finding_ids: incident.findingIds,
    dossiers: toJson(incident.dossiers),
    opened: toDatabaseTime(incident.opened),
    due: toDatabaseTimeOrNull(incident.due),
  }
  await trx
    .insertInto('incidents')
    .values({ id: incident.id, site_id: siteId, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute()
}

export function incidentOf(row: IncidentRecord): Incident {
  return {
    id: row.id,
    title: row.title,
    severity: row.severity as Severity,
    state: row.state as IncidentState,
    remedy: row.remedy,
    actorId: row.actor_id ?? undefined,
    assetIds: row.asset_ids,
    detectionIds: row.detection_ids,
    findingIds: row.finding_ids,
    dossiers: row.dossiers as readonly Dossier[],
    opened: row.opened,
    due: row.due ?? undefined,
  }
}

import type { Detection, Evidence, Severity } from '@wardkeeper/core'
import { sql, type Selectable } from 'kysely'
import { moment, toJson } from './column-types.ts'
import type { Executor, Trx } from './database.ts'
import type { Schema } from './schema.gen.ts'
import { toDatabaseText, toDatabaseTime } from './time.ts'

export type DetectionRecord = Selectable<Schema['detections']>

export async function readDetections(
  db: Executor,
  ids: readonly string[],
): Promise<readonly DetectionRecord[]> {
  if (ids.length === 0) return []
  return await db
    .selectFrom('detections')
    .selectAll()
    .where('id', 'in', ids)
    .orderBy('time')
    .orderBy('id')
    .execute()
}

/** The same, locked until the transaction ends. */
export async function lockDetections(
  trx: Trx,
  ids: readonly string[],
): Promise<readonly DetectionRecord[]> {
  if (ids.length === 0) return []
  await trx
    .selectFrom('detections')
    .select('id')
    .where('id', 'in', ids)
    .orderBy('id')
    .forUpdate()
    .execute()
  return await readDetections(trx, ids)
}

export async function addDetections(
  trx: Trx,
  siteId: string,
  detections: readonly Detection[],
): Promise<void> {
  if (detections.length === 0) return
  await trx
    .insertInto('detections')
    .values(
      detections.map((detection) => ({
        id: detection.id,
        site_id: siteId,
        detector: detection.detector,
        severity: detection.severity,
        state: detection.state,
        actor_id: detection.actorId ?? null,
        target_id: detection.targetId ?? null,
        time: toDatabaseTime(detection.time),
        last_time: toDatabaseTime(detection.lastTime),
        count: detection.count,
        expected: toDatabaseText(detection.expected),
        seen: toDatabaseText(detection.seen),
        techniques: detection.techniques,
        evidence: toJson(detection.evidence),
        remedy: toDatabaseText(detection.remedy),
      })),
    )
    .execute()
}

/** State and incident of detections that triage has looked at. */
export async function settleDetections(
  trx: Trx,
  detections: readonly Detection[],
  incidentOf: (detectionId: string) => string | undefined,
): Promise<void> {
  for (const { id, state } of detections) {
    await trx
      .updateTable('detections')
      .set({ state, incident_id: incidentOf(id) ?? null })
      .where('id', '=', id)
      .execute()
  }
}

/** Mutes whose last day has passed: they are to be looked at again. Answers with these detections. */
export async function endMutes(trx: Trx, now: number): Promise<readonly DetectionRecord[]> {
  return await trx
    .updateTable('detections')
    .set((row) => ({
      state: sql<string>`case when ${row.ref('incident_id')} is null then 'raised' else 'in-incident' end`,
      muted_until: null,
    }))
    .where('state', '=', 'muted')
    .where('muted_until', '<', moment(now))
    .returningAll()
    .execute()
}

export function detectionOf(row: DetectionRecord): Detection {
  return {
    id: row.id,
    detector: row.detector,
    severity: row.severity as Severity,
    state: row.state as Detection['state'],
    actorId: row.actor_id ?? undefined,
    targetId: row.target_id ?? undefined,
    time: row.time,
    lastTime: row.last_time,
    count: row.count,
    expected: row.expected,
    seen: row.seen,
    techniques: row.techniques,
    evidence: row.evidence as readonly Evidence[],
    remedy: row.remedy,
  }
}

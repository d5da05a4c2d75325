import type { SensorCoverage } from '@wardkeeper/core'
import { sql } from 'kysely'
import { toJson } from './column-types.ts'
import type { Executor } from './database.ts'
import { toDatabaseText, toDatabaseTime, toDatabaseTimeOrNull } from './time.ts'

/** What a sensor says of itself. Times are milliseconds since 1970 by the clock of the frames. */
export interface SensorReport {
  readonly sensor: string
  readonly siteId: string
  readonly kind: string
  readonly name: string
  readonly state: 'running' | 'finished' | 'failed' | 'silent'
  readonly frames: number
  readonly flows: number
  readonly observations: number
  readonly firstFrame?: number | undefined
  readonly lastFrame?: number | undefined
  readonly progress?: number | undefined
  readonly problem?: string | undefined
  readonly counters: Readonly<Record<string, number>>
  readonly coverage?: SensorCoverage | undefined
}

/** A live sensor that has not reported for so long is silent. */
const SILENT_AFTER_MS = 5 * 60_000

/** Keeps the newest report; the first frame is that of the first report that had one. */
export async function saveReport(db: Executor, report: SensorReport, now: number): Promise<void> {
  const row = {
    site_id: report.siteId,
    kind: report.kind,
    name: toDatabaseText(report.name),
    state: report.state,
    frames: report.frames,
    flows: report.flows,
    observations: report.observations,
    last_frame: toDatabaseTimeOrNull(report.lastFrame),
    progress: report.progress ?? null,
    problem: report.problem === undefined ? null : toDatabaseText(report.problem),
    counters: toJson(report.counters),
    ...(report.coverage === undefined ? {} : { coverage: toJson(report.coverage) }),
    reported_at: toDatabaseTime(now),
  }
  const first = toDatabaseTimeOrNull(report.firstFrame)
  await db
    .insertInto('sensors')
    .values({ id: report.sensor, ...row, first_frame: first })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((old) => ({
        ...row,
        first_frame: old.fn.coalesce('excluded.first_frame', 'sensors.first_frame'),
        last_frame: old.fn.coalesce('excluded.last_frame', 'sensors.last_frame'),
      })),
    )
    .execute()
}

export async function listSensors(db: Executor, sites: readonly string[] | undefined) {
  let query = db.selectFrom('sensors').selectAll().orderBy('name').orderBy('id')
  if (sites !== undefined) query = query.where(sql<boolean>`site_id = any(${sites}::text[])`)
  return await query.execute()
}

/** Running sensors from which nothing has come for a while. */
export function isSilent(
  sensor: { kind: string; state: string; reported_at: number },
  now: number,
): boolean {
  const isRunning = sensor.state === 'running' && sensor.kind !== 'capture'
  return isRunning && sensor.reported_at < now - SILENT_AFTER_MS
}

/** What people call a sensor, once it has reported. */
export async function sensorName(db: Executor, sensor: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('sensors')
    .select('name')
    .where('id', '=', sensor)
    .executeTakeFirst()
  return row?.name
}

/** True once a capture was read to its end: it is not read again. */
export async function isFinished(db: Executor, sensor: string): Promise<boolean> {
  const row = await db
    .selectFrom('sensors')
    .select('state')
    .where('id', '=', sensor)
    .executeTakeFirst()
  return row?.state === 'finished'
}

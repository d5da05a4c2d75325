import { sql } from 'kysely'
import type { Executor } from './database.ts'

/** The figures of one run, as `--once --json` prints them. */
export interface Summary {
  readonly assets: number
  readonly identified: number
  readonly observations: number
  readonly flows: number
  readonly findings: number
  readonly detections: number
  readonly incidents: number
  readonly workOrders: number
}

/** `identified`: maker and type are claimed; `findings`: open ones; `flows`: sessions seen. */
export async function summarize(db: Executor): Promise<Summary> {
  const { rows } = await sql<Summary>`
    select
      (select count(*) from assets where merged_into is null) as assets,
      (select count(*) from assets where merged_into is null and manufacturer is not null and type is not null)
        as identified,
      (select count(*) from observations) as observations,
      (select coalesce(sum(sessions), 0)::bigint from flow_summaries) as flows,
      (select count(*) from findings where state in ('open', 'in-progress')) as findings,
      (select count(*) from detections) as detections,
      (select count(*) from incidents) as incidents,
      (select count(*) from work_orders) as "workOrders"`.execute(db)
  const [summary] = rows
  if (summary === undefined) throw new Error('The summary is empty')
  return summary
}

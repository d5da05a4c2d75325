import type { Experience } from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor } from './database.ts'
import { inSites } from './keyset.ts'

type Counts = Readonly<Record<string, number>>

/** How the devices of a model behave here: `manufacturer` as the vocabulary has it, `model` by letters and digits. */
export async function readExperience(
  db: Executor,
  sites: readonly string[] | undefined,
  manufacturer: string,
  model: string,
): Promise<Experience> {
  const where = [
    sql`merged_into is null and manufacturer = ${manufacturer}
      and regexp_replace(lower(model), '[^[:alnum:]]', '', 'g') = regexp_replace(lower(${model}), '[^[:alnum:]]', '', 'g')`,
    ...inSites(sql`site_id`, sites),
  ]
  const own = sql`select id, firmware, unit, risk_band from assets where ${sql.join(where, sql` and `)}`
  const grouped = async (query: ReturnType<typeof sql>) => {
    const { rows } = await sql<{ name: string; count: number }>`${query}`.execute(db)
    return Object.fromEntries(rows.map(({ name, count }) => [name, count])) as Counts
  }
  const by = (column: string) =>
    grouped(
      sql`select coalesce(${sql.ref(column)}, 'not known') as name, count(*) as count from (${own}) own group by 1`,
    )
  const { rows } = await sql<{ devices: number; units: number }>`
    select count(*) as devices, count(distinct unit) as units from (${own}) own`.execute(db)
  const services = await grouped(sql`
    select p.service as name, count(distinct p.asset_id) as count from risk_peers p join (${own}) own on own.id = p.asset_id
    group by 1 order by 2 desc, 1 limit 15`)
  return {
    devices: rows[0]?.devices ?? 0,
    units: rows[0]?.units ?? 0,
    versions: await by('firmware'),
    bands: await by('risk_band'),
    reach: await grouped(sql`
      select coalesce(s.inputs -> 'reach' ->> 'level', 'not known') as name, count(*) as count
      from (${own}) own left join risk_scores s on s.asset_id = own.id group by 1`),
    weaknesses: await grouped(sql`
      select f.subject as name, count(*) as count from findings f join (${own}) own on own.id = f.asset_id
      where f.kind = 'weakness' and f.state in ('open', 'in-progress', 'accepted') group by 1`),
    services: Object.keys(services),
  }
}

import { sql } from 'kysely'
import type { Executor } from './database.ts'
import { inSites } from './keyset.ts'

type Sites = readonly string[] | undefined
const WEEK_MS = 7 * 86_400_000

export interface Counts {
  readonly assets: number
  readonly identified: number
  readonly connected: number
  readonly newThisWeek: number
  readonly openIncidents: number
  readonly unacknowledged: number
  readonly openWorkOrders: number
  readonly unassigned: number
  readonly contradicted: number
  readonly raisedDetections: number
  readonly exploited: number
  readonly unidentified: number
}

/** The figures of the first page. `newThisWeek` counts by the newest sight, so that an old capture has a week too. */
export async function countOverview(db: Executor, sites: Sites): Promise<Counts> {
  const own = inSites(sql`site_id`, sites)[0] ?? sql`true`
  const { rows } = await sql<Counts>`
    with a as (
      select count(*) as assets,
        count(*) filter (where manufacturer is not null and type is not null) as identified,
        count(*) filter (where manufacturer is null and type is null) as unidentified,
        count(*) filter (where is_connected) as connected,
        count(*) filter (where first_seen > (
          select seen from asset_sights join assets on id = asset_id where ${own} order by seen desc limit 1
        ) - ${`${WEEK_MS} ms`}::interval)
          as new_this_week
      from assets where merged_into is null and ${own}
    ), i as (
      select count(*) as open, count(*) filter (where state = 'new') as unacknowledged
      from incidents where state not in ('resolved', 'reviewed') and ${own}
    ), w as (
      select count(*) as open, count(*) filter (where state = 'ready') as unassigned,
        count(*) filter (where state = 'contradicted') as contradicted
      from work_orders where state not in ('closed', 'cancelled', 'draft') and ${own}
    )
    select a.assets, a.identified, a.unidentified, a.connected, a.new_this_week as "newThisWeek",
      i.open as "openIncidents", i.unacknowledged, w.open as "openWorkOrders", w.unassigned, w.contradicted,
      (select count(*) from detections where state = 'raised' and ${own}) as "raisedDetections",
      (select count(*) from findings where state in ('open', 'in-progress') and is_known_exploited
        and verdict <> 'not-affected' and ${own}) as exploited
    from a, i, w`.execute(db)
  const [counts] = rows
  if (counts === undefined) throw new Error('The overview is empty')
  return counts
}

/** Whatever is not known to be affected nor known not to be is possible: disputed and unknown too. */
export async function findingsBySeverity(db: Executor, sites: Sites) {
  const own = inSites(sql`site_id`, sites)[0] ?? sql`true`
  const { rows } = await sql<{ severity: string; affected: number; possible: number }>`
    select severity, count(*) filter (where verdict = 'affected') as affected,
      count(*) filter (where verdict not in ('affected', 'not-affected')) as possible
    from findings where state in ('open', 'in-progress') and ${own}
    group by severity, severity_rank order by severity_rank desc`.execute(db)
  return rows
}

export interface Hit {
  readonly kind: 'asset' | 'advisory' | 'incident' | 'work-order'
  readonly id: string
  readonly title: string
  readonly detail: string
}

/** A few of each kind that carry the text. */
export async function searchAll(
  db: Executor,
  sites: Sites,
  pattern: string,
): Promise<readonly Hit[]> {
  const own = inSites(sql`site_id`, sites)[0] ?? sql`true`
  const { rows } = await sql<Hit>`
    (select 'asset' as kind, id::text, label as title, concat_ws(' · ', type, unit, ips[1], macs[1]) as detail
      from assets where merged_into is null and ${own}
        and id in (select asset_id from asset_search where text like ${pattern}) order by label, id limit 8)
    union all
    (select 'advisory', id, id, coalesce(body -> 'products' -> 0 ->> 'product', source)
      from advisories where lower(id) like ${pattern} or lower(body ->> 'products') like ${pattern}
        or lower(body ->> 'vulnerabilities') like ${pattern} order by revised desc, id limit 5)
    union all
    (select 'incident', id::text, title, state from incidents where ${own} and lower(title) like ${pattern}
      order by opened desc limit 5)
    union all
    (select 'work-order', id::text, '#' || number || ' ' || title, state from work_orders
      where ${own} and lower(number || ' ' || title) like ${pattern} order by opened desc limit 5)`.execute(
    db,
  )
  return rows
}

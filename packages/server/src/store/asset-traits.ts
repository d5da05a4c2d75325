import type { Trait, TwinView } from '@wardkeeper/core'
import { sql } from 'kysely'
import type { Executor, Trx } from './database.ts'

export interface AssetTrait extends Trait {
  readonly assetId: string
}

/** Writes down traits that are new for their asset. The caller has the assets (`takeReach`). */
export async function saveTraits(
  trx: Trx,
  siteId: string,
  traits: readonly AssetTrait[],
): Promise<void> {
  if (traits.length === 0) return
  await sql`
    insert into asset_traits (site_id, asset_id, kind, value)
    select distinct ${siteId}, new.asset_id, new.kind, new.value
    from unnest(${traits.map(({ assetId }) => assetId)}::uuid[], ${traits.map(({ kind }) => kind)}::text[],
      ${traits.map(({ value }) => value)}::text[]) as new (asset_id, kind, value)
    where not exists (select from asset_traits m where m.asset_id = new.asset_id and m.kind = new.kind
      and m.value = new.value)`.execute(trx)
}

/** Records that show what another one shows too, with all that do: a trait, or name and model. */
export async function loadTwinViews(db: Executor, siteId: string): Promise<readonly TwinView[]> {
  const { rows } = await sql<{
    id: string
    label: string
    manufacturer: string | null
    model: string | null
    hostname: string | null
    first_seen: number
    last_seen: number
    certificates: readonly string[]
    titles: readonly string[]
    stations: readonly string[]
  }>`
    with living as (
      select id, label, manufacturer, model, hostname, first_seen, seen as last_seen from assets
      join asset_sights on asset_id = id
      where site_id = ${siteId} and merged_into is null and is_connected and state not in ('retired', 'disposed')
    ), shown as (
      select distinct m.asset_id, m.kind, m.value from asset_traits m join living on living.id = m.asset_id
    ), alike as (
      select unnest(array_agg(asset_id)) as id from shown where kind <> 'ae-title'
      group by kind, value having count(*) > 1
      union
      select unnest(array_agg(id)) from living where model is not null and hostname is not null
      group by model, lower(hostname) having count(*) > 1
    )
    select l.*, coalesce(array_agg(m.value) filter (where m.kind = 'certificate'), '{}') as certificates,
      coalesce(array_agg(m.value) filter (where m.kind = 'ae-title'), '{}') as titles,
      coalesce(array_agg(m.value) filter (where m.kind = 'station'), '{}') as stations
    from alike join living l using (id) left join shown m on m.asset_id = l.id
    group by l.id, l.label, l.manufacturer, l.model, l.hostname, l.first_seen, l.last_seen`.execute(
    db,
  )
  return rows.map((row) => ({
    assetId: row.id,
    label: row.label,
    manufacturer: row.manufacturer ?? undefined,
    model: row.model ?? undefined,
    hostname: row.hostname ?? undefined,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    certificates: row.certificates,
    aeTitles: row.titles,
    stations: row.stations,
  }))
}

import { sql } from 'kysely'
import type { Db } from '../store/database.ts'

/** Devices of the sizes and kinds of a large site: two findings each, three peers each, one in ten a stranger. */
export async function fillRiskSite(db: Db, count: number): Promise<void> {
  await sql`
    insert into assets (id, site_id, state, is_connected, label, manufacturer, model, type, category, os, unit, owner,
      first_seen)
    select gen_random_uuid(), 'main', 'active', true, 'device ' || n,
      case when n % 10 > 0 then 'Maker ' || n % 40 end, case when n % 10 > 0 then 'Model ' || n % 300 end,
      case when n % 10 > 0 then (array['infusion-pump', 'patient-monitor', 'ct', 'printer', 'workstation'])[1 + n % 5] end,
      null, (array['Windows 7', 'Windows 10', 'Linux', null])[1 + n % 4], 'Unit ' || n % 120, 'Owner ' || n % 15,
      now() - interval '30 days'
    from generate_series(1, ${count}::int) n`.execute(db)
  await sql`
    insert into findings (id, site_id, asset_id, kind, subject, verdict, severity, state, cves, because, evidence, remedy, opened)
    select gen_random_uuid(), 'main', id, case k when 1 then 'advisory' else 'weakness' end,
      case k when 1 then 'ADV-' || n % 200 else 'telnet' end,
      case n % 3 when 0 then 'affected' else 'possibly-affected' end,
      (array['critical', 'high', 'medium', 'low'])[1 + n % 4], 'open', array['CVE-2025-' || n % 900], 'bench', '[]',
      case k when 1 then 'patch:ADV-' || n % 200 else 'configure:telnet' end, now()
    from (select id, row_number() over (order by id) as n from assets) a cross join generate_series(1, 2) k
    where n % 2 = 0`.execute(db)
  await sql`
    insert into exploit_signals (cve, kev_added, epss, ssvc_exploitation, updated)
    select 'CVE-2025-' || n, case when n % 20 = 0 then date '2025-01-01' end, (n % 100) / 100.0,
      case when n % 3 = 0 then 'poc' end, now() from generate_series(0, 899) n`.execute(db)
  await sql`insert into risk_segments (site_id, segment, first_seen, last_seen) values ('main', 'x', now(), now())`.execute(
    db,
  )
  await sql`
    insert into risk_peers (asset_id, site_id, peer, peer_ip, direction, level, service, last_seen)
    select id, 'main', 'peer ' || k, '10.0.0.' || k, case k when 1 then 'in' else 'out' end,
      (array['same-segment', 'other-zones', 'internet-out'])[k], 'tcp/443', now() - interval '1 hour'
    from (select id, row_number() over (order by id) as n from assets) a cross join generate_series(1, 3) k
    where k < 3 or n % 7 = 0`.execute(db)
  await sql`analyze`.execute(db)
}

export async function someAssets(db: Db, count: number): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from assets order by id limit ${count}`.execute(db)
  return rows.map(({ id }) => id)
}

/** Something that bears on the score of one device. */
export async function changeUse(db: Db, id: string): Promise<void> {
  await sql`update assets set in_use = case in_use when 'in-use' then 'not-in-use' else 'in-use' end
    where id = ${id}`.execute(db)
}

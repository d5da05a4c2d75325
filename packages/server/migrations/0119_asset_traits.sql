-- What devices show wherever they are plugged in: certificates, AE titles, station names. Many may show the same, so no
-- trait joins two records; who holds one that another one held before is asked for in reconciliation. After a merge the
-- record that stays may have a trait twice, and each goes back with an undo.
create table asset_traits (
  id uuid primary key default gen_random_uuid(),
  site_id text not null,
  asset_id uuid not null references assets (id),
  kind text not null check (kind in ('certificate', 'ae-title', 'station')),
  value text not null,
  created_at timestamptz not null default now()
);
create index asset_traits_asset on asset_traits (asset_id);

-- How much each device puts at risk: scores with their inputs, what they were made from, and what lowers them.

-- A method as it was used: never changed, so that every score can be made again. `id` carries its hash.
create table risk_methods (
  id text primary key,
  site_id text not null default '*',
  body jsonb not null,
  created_at timestamptz not null default now()
);

-- A site's own weights and tables. One person proposes, another approves; the newest approved one counts.
create table risk_settings (
  id uuid primary key,
  site_id text not null,
  method_id text not null references risk_methods (id),
  reason text not null,
  proposed_by uuid not null references users (id),
  proposed_at timestamptz not null,
  approved_by uuid references users (id),
  approved_at timestamptz,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (approved_by is null or approved_by <> proposed_by)
);
create unique index risk_settings_proposed on risk_settings (site_id) where approved_at is null and ended_at is null;
create unique index risk_settings_current on risk_settings (site_id) where approved_at is not null and ended_at is null;

create table risk_scores (
  asset_id uuid primary key references assets (id),
  site_id text not null,
  method_id text not null references risk_methods (id),
  number double precision not null,
  low double precision not null,
  high double precision not null,
  band text not null,
  likelihood double precision not null,
  impact double precision not null,
  inputs jsonb not null,
  computed_at timestamptz not null default now()
);
create index risk_scores_site on risk_scores (site_id, number desc);

-- Every change of a score, with the inputs that made it.
create table risk_history (
  id uuid primary key,
  asset_id uuid not null references assets (id),
  site_id text not null,
  time timestamptz not null default now(),
  method_id text not null references risk_methods (id),
  number double precision not null,
  low double precision not null,
  high double precision not null,
  band text not null,
  inputs jsonb not null
);
create index risk_history_asset on risk_history (asset_id, time);

-- How the devices of a site, unit, model or owner spread over the bands, one row for each day.
create table risk_days (
  site_id text not null,
  day date not null,
  scope text not null,
  key text not null,
  very_low integer not null,
  low integer not null,
  moderate integer not null,
  high integer not null,
  very_high integer not null,
  primary key (site_id, scope, key, day)
);

-- With whom each asset was seen in contact: the newest of each peer and direction.
create table risk_peers (
  asset_id uuid not null,
  site_id text not null,
  -- The asset, or the address where none is known; and the address in any case.
  peer text not null,
  peer_ip text not null,
  direction text not null,
  level text not null,
  service text not null,
  last_seen timestamptz not null,
  primary key (asset_id, direction, peer, level, service)
);
create index risk_peers_peer on risk_peers (peer);

-- The newest traffic that was heard in each segment.
create table risk_segments (
  site_id text not null,
  segment text not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  primary key (site_id, segment)
);

create table compensating_controls (
  id uuid primary key,
  site_id text not null,
  kind text not null,
  name text not null,
  reason text not null,
  asset_ids uuid[] not null,
  service text,
  allowed text[] not null default '{}',
  proposed_by uuid not null references users (id),
  proposed_at timestamptz not null,
  approved_by uuid references users (id),
  approved_at timestamptz,
  confirmed_at timestamptz not null,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (approved_by is null or approved_by <> proposed_by)
);
create index compensating_controls_assets on compensating_controls using gin (asset_ids);

-- Whether a control works, for each asset that it is to protect; a new row when that changes.
create table control_sights (
  id uuid primary key,
  control_id uuid not null references compensating_controls (id),
  asset_id uuid not null references assets (id),
  site_id text not null,
  state text not null,
  because text not null,
  violation jsonb,
  since timestamptz not null default now(),
  until timestamptz,
  created_at timestamptz not null default now()
);
create unique index control_sights_current on control_sights (control_id, asset_id) where until is null;
create index control_sights_asset on control_sights (asset_id) where until is null;

-- Assets whose score has to be made again. Rows may repeat; whoever takes them scores each asset once.
create table risk_queue (
  seq bigint generated always as identity primary key,
  site_id text not null,
  asset_id uuid not null
);

-- Up to which change of the signals of exploits the scores have followed.
create table risk_signals_seen (
  site_id text primary key default '*',
  time timestamptz not null
);

alter table assets
  add column risk double precision,
  add column risk_low double precision,
  add column risk_high double precision,
  add column risk_band text;
create index assets_risk on assets (coalesce(risk, -1), id) where merged_into is null;

create function queue_risk_of_asset() returns trigger language plpgsql as $$
begin
  insert into risk_queue (site_id, asset_id) values (new.site_id, new.id);
  return null;
end $$;
create trigger assets_risk_added after insert on assets for each row execute function queue_risk_of_asset();
create trigger assets_risk_changed after update on assets for each row
  when ((old.type, old.category, old.os, old.in_use, old.manufacturer, old.model, old.merged_into)
    is distinct from (new.type, new.category, new.os, new.in_use, new.manufacturer, new.model, new.merged_into))
  execute function queue_risk_of_asset();

create function queue_risk_of_finding() returns trigger language plpgsql as $$
begin
  insert into risk_queue (site_id, asset_id) values (new.site_id, new.asset_id);
  return null;
end $$;
create trigger findings_risk_added after insert on findings for each row execute function queue_risk_of_finding();
create trigger findings_risk_changed after update on findings for each row
  when ((old.asset_id, old.state, old.verdict, old.severity, old.is_known_exploited, old.remedy, old.cves)
    is distinct from
    (new.asset_id, new.state, new.verdict, new.severity, new.is_known_exploited, new.remedy, new.cves))
  execute function queue_risk_of_finding();

create trigger risk_settings_touch before update on risk_settings for each row execute function touch_updated_at();
create trigger compensating_controls_touch before update on compensating_controls
  for each row execute function touch_updated_at();
-- Devices that were there before.
insert into risk_queue (site_id, asset_id) select site_id, id from assets where merged_into is null;

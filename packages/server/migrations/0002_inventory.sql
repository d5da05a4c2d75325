-- What was seen, and the assets that it belongs to.

-- Fast search for parts of names; without the extension the search still works, only slower.
do $$
begin
  create extension if not exists pg_trgm;
exception when others then
  raise notice 'pg_trgm is not available: %', sqlerrm;
end $$;

create table sensors (
  id text primary key,
  site_id text not null,
  kind text not null,
  name text not null,
  state text not null,
  frames bigint not null default 0,
  flows bigint not null default 0,
  observations bigint not null default 0,
  first_frame timestamptz,
  last_frame timestamptz,
  progress double precision,
  problem text,
  counters jsonb not null default '{}',
  reported_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table assets (
  id uuid primary key,
  site_id text not null,
  state text not null,
  is_connected boolean not null,
  label text not null,
  macs text[] not null default '{}',
  ips text[] not null default '{}',
  names jsonb not null default '{}',
  hostname text,
  -- The leading claim of each attribute, repeated here for lists over 100,000 assets.
  manufacturer text,
  manufacturer_confidence real,
  model text,
  model_confidence real,
  type text,
  type_confidence real,
  category text,
  category_confidence real,
  firmware text,
  firmware_confidence real,
  serial text,
  os text,
  -- Declared by people or by a maintenance system.
  unit text,
  room text,
  owner text,
  warranty_until date,
  contract text,
  in_use text not null default 'unknown',
  -- Open findings, verdicts affected and possibly affected.
  findings_critical integer not null default 0,
  findings_high integer not null default 0,
  findings_medium integer not null default 0,
  findings_low integer not null default 0,
  finding_rank bigint not null generated always as (
    least(findings_critical, 999)::bigint * 1000000000 + least(findings_high, 999) * 1000000
    + least(findings_medium, 999) * 1000 + least(findings_low, 999)
  ) stored,
  open_incidents integer not null default 0,
  merged_into uuid references assets (id),
  search text not null default '',
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create function describe_asset() returns trigger language plpgsql as $$
begin
  new.search = lower(concat_ws(' ', new.label, new.hostname, new.manufacturer, new.model, new.serial, new.type,
    new.unit, new.room, new.owner, array_to_string(new.macs, ' '), array_to_string(new.ips, ' '), new.names::text));
  return new;
end $$;
create trigger assets_search before insert or update of label, hostname, manufacturer, model, serial, type, unit,
  room, owner, macs, ips, names on assets for each row execute function describe_asset();

create index assets_label on assets (label, id) where merged_into is null;
create index assets_manufacturer on assets (coalesce(manufacturer, ''), id) where merged_into is null;
create index assets_model on assets (coalesce(model, ''), id) where merged_into is null;
create index assets_type on assets (coalesce(type, ''), id) where merged_into is null;
create index assets_category on assets (coalesce(category, ''), id) where merged_into is null;
create index assets_unit on assets (coalesce(unit, ''), id) where merged_into is null;
create index assets_last_seen on assets (last_seen, id) where merged_into is null;
create index assets_first_seen on assets (first_seen, id) where merged_into is null;
create index assets_finding_rank on assets (finding_rank, id) where merged_into is null;
create index assets_serial on assets (serial) where serial is not null;
do $$
begin
  if exists (select from pg_extension where extname = 'pg_trgm') then
    create index assets_search on assets using gin (search gin_trgm_ops);
  end if;
end $$;

create function observation_key(site text, sensor text, mac text, ip text, field text, value text, asset uuid)
  returns uuid language sql immutable parallel safe as $$
  select md5(site || E'\x1f' || sensor || E'\x1f' || coalesce(mac, '') || E'\x1f' || coalesce(ip, '') || E'\x1f'
    || field || E'\x1f' || value || E'\x1f' || coalesce(asset::text, ''))::uuid
$$;

-- One row for each distinct fact: `key` is its `observation_key`.
create table observations (
  key uuid primary key,
  site_id text not null,
  asset_id uuid,
  sensor text not null,
  mac text,
  ip text,
  field text not null,
  value text not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  count bigint not null,
  file text,
  frame bigint,
  flow bigint
);
create index observations_asset on observations (asset_id, field);

create function flow_key(site text, sensor text, hour timestamptz, client text, server text, transport text,
  port integer, protocol text) returns uuid language sql stable parallel safe as $$
  select md5(site || E'\x1f' || sensor || E'\x1f' || extract(epoch from hour)::bigint || E'\x1f' || client || E'\x1f'
    || server || E'\x1f' || transport || E'\x1f' || port || E'\x1f' || coalesce(protocol, ''))::uuid
$$;

-- One row for each client, service and hour: `key` is its `flow_key`.
create table flow_summaries (
  key uuid primary key,
  site_id text not null,
  sensor text not null,
  hour timestamptz not null,
  client_asset_id uuid,
  client_ip text not null,
  client_mac text,
  server_asset_id uuid,
  server_ip text not null,
  server_mac text,
  transport text not null,
  port integer not null,
  protocol text,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  sessions bigint not null,
  packets_to_server bigint not null,
  packets_to_client bigint not null,
  bytes_to_server bigint not null,
  bytes_to_client bigint not null,
  file text,
  flow bigint
);
create index flow_summaries_client on flow_summaries (client_asset_id, last_seen);
create index flow_summaries_server on flow_summaries (server_asset_id, last_seen);
create index flow_summaries_hour on flow_summaries using brin (hour);

create table claims (
  id uuid primary key,
  site_id text not null,
  asset_id uuid not null references assets (id),
  attribute text not null,
  value text not null,
  confidence real not null,
  rule text not null,
  evidence jsonb not null,
  against jsonb not null,
  valid_from timestamptz not null,
  valid_to timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index claims_current on claims (asset_id, attribute) where valid_to is null;
create index claims_history on claims (asset_id, attribute, valid_from);

create table key_links (
  id uuid primary key,
  site_id text not null,
  key text not null,
  kind text not null,
  asset_id uuid not null references assets (id),
  since timestamptz not null,
  until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index key_links_current on key_links (site_id, key, asset_id) where until is null;
create index key_links_asset on key_links (asset_id);

create table merges (
  id uuid primary key,
  site_id text not null,
  into_id uuid not null references assets (id),
  from_id uuid not null references assets (id),
  because text not null,
  created_at timestamptz not null default now(),
  undone_at timestamptz
);

-- What a hospital says of a device before or after it is seen, found by `mac:..` or `serial:..`.
create table declarations (
  id uuid primary key,
  site_id text not null,
  key text not null,
  asset_id uuid references assets (id),
  body jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (site_id, key)
);

create table maintenance_records (
  id uuid primary key,
  site_id text not null,
  asset_id uuid not null references assets (id),
  date date not null,
  by_name text not null,
  what text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (asset_id, date, what)
);

create table baselines (
  asset_id uuid primary key references assets (id),
  site_id text not null,
  stage text not null,
  completeness real not null,
  started timestamptz not null,
  learned_until timestamptz not null,
  days jsonb not null,
  known jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create trigger sensors_touch before update on sensors for each row execute function touch_updated_at();
create trigger assets_touch before update on assets for each row execute function touch_updated_at();
create trigger claims_touch before update on claims for each row execute function touch_updated_at();
create trigger key_links_touch before update on key_links for each row execute function touch_updated_at();
create trigger declarations_touch before update on declarations for each row execute function touch_updated_at();
create trigger baselines_touch before update on baselines for each row execute function touch_updated_at();

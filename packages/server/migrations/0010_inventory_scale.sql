-- Room and speed for 100,000 assets with 20 million observations.

-- A short name for an asset in tables with very many rows.
alter table assets add column number integer generated always as identity;
create unique index assets_number on assets (number);

-- Texts that very many observations share, told once: fields, files, and sensors of a site.
create table observation_names (
  id integer generated always as identity primary key,
  kind text not null,
  site_id text not null default '',
  name text not null,
  created_at timestamptz not null default now(),
  unique (kind, site_id, name)
);

-- Whom observations are about; an empty text where one is not known.
create table observation_subjects (
  id integer generated always as identity primary key,
  mac text not null,
  ip text not null,
  created_at timestamptz not null default now(),
  unique (mac, ip)
);
create index observation_subjects_ip on observation_subjects (ip);


alter table observations rename to observations_wide;
alter index observations_asset rename to observations_wide_asset;

-- One row for each distinct (asset, subject, field, value, sensor). No column is null and wide ones come first, so that
-- a row is as small as it can be: `asset` is a number of `assets` or 0, `file`, `frame` and `flow` are 0 when unknown.
create table observations (
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  frame bigint not null,
  flow bigint not null,
  asset integer not null,
  subject integer not null,
  field integer not null,
  sensor integer not null,
  file integer not null,
  count integer not null,
  value text not null
);

insert into observation_names (kind, site_id, name)
  select distinct 'field', '', field from observations_wide
  union select distinct 'file', '', file from observations_wide where file is not null
  union select distinct 'sensor', site_id, sensor from observations_wide;
insert into observation_subjects (mac, ip)
  select distinct coalesce(mac, ''), coalesce(ip, '') from observations_wide;
insert into observations
  select w.first_seen, w.last_seen, coalesce(w.frame, 0), coalesce(w.flow, 0), coalesce(a.number, 0), u.id, f.id, s.id,
    coalesce(p.id, 0), least(w.count, 2147483647), w.value
  from observations_wide w
  join observation_subjects u on u.mac = coalesce(w.mac, '') and u.ip = coalesce(w.ip, '')
  join observation_names f on f.kind = 'field' and f.name = w.field
  join observation_names s on s.kind = 'sensor' and s.site_id = w.site_id and s.name = w.sensor
  left join observation_names p on p.kind = 'file' and p.name = w.file
  left join assets a on a.id = w.asset_id;
drop table observations_wide;
drop function observation_key(text, text, text, text, text, text, uuid);

-- Says both which row a fact is and what was seen of an asset.
create unique index observations_fact on observations
  (asset, field, hashtextextended(value, (sensor::bigint << 32) | subject));

-- What people search for stands beside the assets: a device that is only seen again must not touch this index.
create table asset_search (
  asset_id uuid primary key references assets (id),
  site_id text not null,
  text text not null
);
drop trigger assets_search on assets;
drop function describe_asset();
drop index if exists assets_search;
alter table assets drop column search;

create function text_of_asset(a assets) returns text language sql stable as $$
  select lower(concat_ws(' ', a.label, a.hostname, a.manufacturer, a.model, a.serial, a.type, a.unit, a.room, a.owner,
    array_to_string(a.macs, ' '), array_to_string(a.ips, ' '),
    (select string_agg(value, ' ') from jsonb_each_text(a.names))))
$$;
create function describe_asset() returns trigger language plpgsql as $$
begin
  insert into asset_search as s (asset_id, site_id, text) values (new.id, new.site_id, text_of_asset(new))
    on conflict (asset_id) do update set text = excluded.text where s.text <> excluded.text;
  return null;
end $$;
create trigger assets_search after insert or update of label, hostname, manufacturer, model, serial, type, unit,
  room, owner, macs, ips, names on assets for each row execute function describe_asset();
insert into asset_search select id, site_id, text_of_asset(assets) from assets;
do $$
begin
  if exists (select from pg_extension where extname = 'pg_trgm') then
    create index asset_search_text on asset_search using gin (text gin_trgm_ops);
  end if;
end $$;

-- How many assets share all of these values. Changes are added as rows of +1 and -1, so that two transactions never wait
-- for each other, and are added up now and then: the sum is right at every moment.
create table asset_counts (
  site_id text not null,
  type text,
  category text,
  manufacturer text,
  unit text,
  state text not null,
  is_connected boolean not null,
  has_critical boolean not null,
  has_high boolean not null,
  has_medium boolean not null,
  has_low boolean not null,
  count integer not null
);
create function count_asset(a assets, sign integer) returns void language sql as $$
  insert into asset_counts values (a.site_id, a.type, a.category, a.manufacturer, a.unit, a.state, a.is_connected,
    a.findings_critical > 0, a.findings_high > 0, a.findings_medium > 0, a.findings_low > 0, sign)
$$;
create function count_assets() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and old.merged_into is null then
    perform count_asset(old, -1);
  end if;
  if tg_op <> 'DELETE' and new.merged_into is null then
    perform count_asset(new, 1);
  end if;
  return null;
end $$;
create trigger assets_count_new after insert or delete on assets for each row execute function count_assets();
create trigger assets_count after update on assets for each row when (
  (old.site_id, old.type, old.category, old.manufacturer, old.unit, old.state, old.is_connected, old.merged_into,
    old.findings_critical > 0, old.findings_high > 0, old.findings_medium > 0, old.findings_low > 0)
  is distinct from
  (new.site_id, new.type, new.category, new.manufacturer, new.unit, new.state, new.is_connected, new.merged_into,
    new.findings_critical > 0, new.findings_high > 0, new.findings_medium > 0, new.findings_low > 0)
) execute function count_assets();
insert into asset_counts
  select site_id, type, category, manufacturer, unit, state, is_connected, findings_critical > 0, findings_high > 0,
    findings_medium > 0, findings_low > 0, count(*)
  from assets where merged_into is null
  group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11;

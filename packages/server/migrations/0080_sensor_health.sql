-- What sensors hear, and where they are blind. An issue ends; it is never deleted.

alter table sensors add column coverage jsonb not null default '{"vlans": [], "networks": []}';

create table sensor_health (
  id uuid primary key,
  site_id text not null,
  sensor text not null references sensors (id),
  code text not null,
  -- 'vlan 20' or '10.1.2.0/24'; empty for the whole sensor.
  scope text not null,
  share real not null,
  since timestamptz not null,
  until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index sensor_health_open on sensor_health (sensor, code, scope) where until is null;
create index sensor_health_site on sensor_health (site_id, since);
create trigger sensor_health_touch before update on sensor_health
  for each row execute function touch_updated_at();

-- Where devices are: the tree under each site, plans of its floors, and where on a plan a device stands.

create table locations (
  id uuid primary key,
  site_id text not null,
  parent_id uuid references locations (id),
  kind text not null check (kind in ('building', 'floor', 'unit', 'room')),
  name text not null,
  service_line text,
  hours text,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index locations_name on locations (site_id, coalesce(parent_id, '00000000-0000-0000-0000-000000000000'),
  kind, lower(name)) where ended_at is null;

alter table assets add column location_id uuid references locations (id);
create index assets_location on assets (location_id) where location_id is not null;

-- A plan is replaced, not deleted: the file stays under its hash.
create table floor_plans (
  id uuid primary key,
  site_id text not null,
  location_id uuid not null references locations (id),
  name text not null,
  media_type text not null,
  hash text not null,
  bytes integer not null,
  width integer not null,
  height integer not null,
  by_name text not null,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index floor_plans_current on floor_plans (location_id) where ended_at is null;

-- Shares of the width and height of the plan, from the upper left.
create table plan_positions (
  asset_id uuid primary key references assets (id),
  site_id text not null,
  plan_id uuid not null references floor_plans (id),
  x real not null check (x between 0 and 1),
  y real not null check (y between 0 and 1),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index plan_positions_plan on plan_positions (plan_id);

create trigger locations_touch before update on locations for each row execute function touch_updated_at();
create trigger floor_plans_touch before update on floor_plans for each row execute function touch_updated_at();
create trigger plan_positions_touch before update on plan_positions for each row execute function touch_updated_at();

create or replace trigger assets_history after update on assets for each row when (
  (old.label, old.state, old.manufacturer, old.model, old.type, old.category, old.firmware, old.serial, old.os,
    old.unit, old.room, old.owner, old.warranty_until, old.contract, old.hostname, old.merged_into, old.location_id)
  is distinct from
  (new.label, new.state, new.manufacturer, new.model, new.type, new.category, new.firmware, new.serial, new.os,
    new.unit, new.room, new.owner, new.warranty_until, new.contract, new.hostname, new.merged_into, new.location_id)
  or old.macs <> new.macs or old.ips <> new.ips or old.names <> new.names
) execute function note_asset_change();

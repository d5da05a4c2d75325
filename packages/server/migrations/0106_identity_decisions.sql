-- What people say of what a device is: a lock ends with a reason, and what is wrong can be disputed by who does not
-- know what is right.

alter table accepted_values add column ended_by text, add column ended_reason text;

create table identity_disputes (
  id uuid primary key,
  site_id text not null,
  asset_id uuid not null references assets (id),
  attribute text not null,
  -- The value that somebody says is wrong; where another one is claimed the dispute has no effect.
  value text not null,
  by_name text not null,
  reason text not null,
  since timestamptz not null,
  until timestamptz,
  ended_by text,
  ended_reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index identity_disputes_current on identity_disputes (asset_id, attribute) where until is null;
create index identity_disputes_asset on identity_disputes (asset_id);
create index accepted_values_asset on accepted_values (asset_id);
create trigger identity_disputes_touch before update on identity_disputes for each row execute function touch_updated_at();

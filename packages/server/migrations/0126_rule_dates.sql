-- The next day on which time alone can change what the rules say of a device. A clock looks at the days that have come
-- and not at every device.
create table rule_dates (
  asset_id uuid primary key references assets (id),
  site_id text not null,
  next date not null
);
create index rule_dates_next on rule_dates (site_id, next);

-- Which rules were last held against all devices of a site, as a digest: others can come with a new version of the product.
create table rule_runs (
  site_id text primary key,
  digest text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create trigger rule_runs_touch before update on rule_runs for each row execute function touch_updated_at();

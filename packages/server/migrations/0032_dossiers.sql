-- What belongs to a device besides the network: contracts, schedules, costs, documents, tags, the fields of the site.

-- `body` has the shape of its kind: contract, schedule or cost. An entry ends; it is not deleted.
create table dossier_entries (
  id uuid primary key,
  site_id text not null,
  asset_id uuid not null references assets (id),
  kind text not null check (kind in ('contract', 'schedule', 'cost')),
  body jsonb not null,
  by_name text not null,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index dossier_entries_asset on dossier_entries (asset_id) where ended_at is null;

alter table maintenance_records add column schedule_id uuid references dossier_entries (id);

create table documents (
  id uuid primary key,
  site_id text not null,
  asset_id uuid not null references assets (id),
  name text not null,
  media_type text not null,
  hash text not null,
  bytes integer not null,
  by_name text not null,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index documents_asset on documents (asset_id) where ended_at is null;

alter table assets add column condition text, add column tags text[] not null default '{}',
  add column custom jsonb not null default '{}';
create index assets_tags on assets using gin (tags) where tags <> '{}';

create table custom_fields (
  id uuid primary key,
  site_id text not null,
  key text not null,
  label text not null,
  type text not null check (type in ('text', 'number', 'date', 'choice', 'yes-no')),
  choices text[] not null default '{}',
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index custom_fields_key on custom_fields (site_id, key) where ended_at is null;

create table saved_views (
  id uuid primary key,
  site_id text not null,
  owner_id uuid not null references users (id),
  name text not null,
  -- The query of the address, as the page reads it.
  search text not null,
  is_shared boolean not null,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index saved_views_owner on saved_views (owner_id) where ended_at is null;

create trigger dossier_entries_touch before update on dossier_entries for each row execute function touch_updated_at();
create trigger documents_touch before update on documents for each row execute function touch_updated_at();
create trigger custom_fields_touch before update on custom_fields for each row execute function touch_updated_at();
create trigger saved_views_touch before update on saved_views for each row execute function touch_updated_at();

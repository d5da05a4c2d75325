-- What other systems and people declare of devices, row by row, and how it came in.

create table imports (
  id uuid primary key,
  site_id text not null,
  -- The system that the rows come from: a key of a row belongs to it. `nuvolo`, `aims`, `hand` ..
  source text not null,
  name text not null,
  digest text not null,
  path text,
  template text not null,
  -- How the file is read: columns by field, encoding, delimiter, order of day and month.
  reading jsonb not null,
  -- Every device of the source is in the file: a record that is missing there is a question.
  is_full boolean not null default false,
  state text not null,
  rows integer not null default 0,
  -- Rows before this one are done; the next chunk begins here, also after a crash.
  position integer not null default 0,
  counts jsonb not null default '{}',
  problem text,
  by_name text not null,
  started_at timestamptz,
  finished_at timestamptz,
  undone_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index imports_site on imports (site_id, created_at);
create index imports_digest on imports (site_id, digest);

-- One row for each row of the file, whatever became of it.
create table import_rows (
  import_id uuid not null references imports (id),
  site_id text not null,
  -- Line of the table as people count: the header is 1.
  row integer not null,
  native_key text,
  device jsonb,
  notes jsonb not null default '[]',
  outcome text not null,
  change text,
  asset_id uuid,
  score real,
  reasons jsonb not null default '[]',
  is_done boolean not null default false,
  primary key (import_id, row)
);
create index import_rows_outcome on import_rows (import_id, outcome, row);
create index import_rows_asset on import_rows (import_id, asset_id) where asset_id is not null;

-- What one source says of one device. A changed record ends and a new one begins.
create table declared_records (
  id uuid primary key,
  site_id text not null,
  source text not null,
  native_key text not null,
  asset_id uuid references assets (id),
  body jsonb not null,
  digest text not null,
  import_id uuid references imports (id),
  -- The last import that had it, changed or not.
  seen_import_id uuid references imports (id),
  ended_by uuid references imports (id),
  since timestamptz not null,
  until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index declared_records_current on declared_records (site_id, source, native_key) where until is null;
create index declared_records_asset on declared_records (asset_id) where until is null;
create index declared_records_import on declared_records (import_id);
create index declared_records_ended on declared_records (ended_by) where ended_by is not null;
create index declared_records_tag on declared_records (site_id, (lower(body ->> 'tag'))) where until is null;
create index declared_records_serial on declared_records (site_id, (upper(body ->> 'serial'))) where until is null;
create index assets_serial_upper on assets (site_id, (upper(serial))) where serial is not null and merged_into is null;
create index assets_hostname_lower on assets (site_id, (lower(hostname))) where hostname is not null and merged_into is null;

-- What a person accepted or locked: it stands over what is declared and observed.
create table accepted_values (
  id uuid primary key,
  site_id text not null,
  asset_id uuid not null references assets (id),
  attribute text not null,
  value text not null,
  is_locked boolean not null default false,
  by_name text not null,
  reason text not null,
  since timestamptz not null,
  until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index accepted_values_current on accepted_values (asset_id, attribute) where until is null;

-- Which kind of value stands over which, where a site differs from the default.
create table precedence_rules (
  site_id text not null,
  attribute text not null,
  sources text[] not null,
  by_name text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (site_id, attribute)
);

create trigger imports_touch before update on imports for each row execute function touch_updated_at();
create trigger declared_records_touch before update on declared_records for each row execute function touch_updated_at();
create trigger accepted_values_touch before update on accepted_values for each row execute function touch_updated_at();
create trigger precedence_rules_touch before update on precedence_rules for each row execute function touch_updated_at();

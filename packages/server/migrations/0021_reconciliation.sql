-- Where what is declared and what is seen disagree: a queue of questions. An item ends; it is never deleted.

create table reconciliation_items (
  id uuid primary key,
  site_id text not null,
  kind text not null,
  -- open, decided, ended (the world agrees again), undone decisions are open again
  state text not null,
  -- One open item for each question; a decided one is asked again only when the question differs.
  question text not null,
  title text not null,
  asset_id uuid references assets (id),
  record_id uuid references declared_records (id),
  import_id uuid references imports (id),
  import_row integer,
  score real,
  reasons jsonb not null default '[]',
  differences jsonb not null default '[]',
  candidates jsonb not null default '[]',
  owner text,
  opened timestamptz not null,
  ended timestamptz,
  decision text,
  decided_by text,
  decided_reason text,
  -- What the decision changed, so that it can be undone.
  effect jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index reconciliation_items_open on reconciliation_items (site_id, question) where state = 'open';
create index reconciliation_items_question on reconciliation_items (site_id, question);
create index reconciliation_items_list on reconciliation_items (site_id, state, kind, opened);
create index reconciliation_items_asset on reconciliation_items (asset_id);
create index reconciliation_items_import on reconciliation_items (import_id) where import_id is not null;

-- How well the records and the network agree, one row for each week.
create table match_rates (
  site_id text not null,
  week date not null,
  records integer not null,
  matched integer not null,
  not_observable integer not null,
  seen integer not null,
  strangers integer not null,
  open_items integer not null,
  measured_at timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (site_id, week)
);

create trigger reconciliation_items_touch before update on reconciliation_items for each row execute function touch_updated_at();

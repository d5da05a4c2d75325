-- What is wrong, what behaves differently, and the work that follows.

-- Most severe is 4, so that descending order shows it first.
create function severity_rank(severity text) returns smallint language sql immutable parallel safe as $$
  select (case severity when 'critical' then 4 when 'high' then 3 when 'medium' then 2 when 'low' then 1 else 0 end)::smallint
$$;

create table advisories (
  id text primary key,
  site_id text not null default '*',
  kind text not null,
  source text not null,
  revision text not null,
  published date not null,
  revised date not null,
  body jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table findings (
  id uuid primary key,
  site_id text not null,
  asset_id uuid not null references assets (id),
  kind text not null,
  subject text not null,
  verdict text not null,
  severity text not null,
  severity_rank smallint not null generated always as (severity_rank(severity)) stored,
  state text not null,
  cves text[] not null,
  is_known_exploited boolean not null default false,
  because text not null,
  missing text,
  evidence jsonb not null,
  remedy text not null,
  opened timestamptz not null,
  closed timestamptz,
  work_order_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index findings_asset on findings (asset_id);
create index findings_severity on findings (severity_rank, id);
create index findings_opened on findings (opened, id);
create index findings_subject on findings (subject, id);
create index findings_remedy on findings (remedy) where closed is null;

create table finding_decisions (
  id uuid primary key,
  site_id text not null,
  finding_id uuid not null references findings (id),
  decision text not null,
  reason text not null,
  until date,
  proposed_by uuid not null references users (id),
  proposed_at timestamptz not null,
  approved_by uuid references users (id),
  approved_at timestamptz,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (approved_by is null or approved_by <> proposed_by)
);
create unique index finding_decisions_current on finding_decisions (finding_id) where ended_at is null;

create table incidents (
  id uuid primary key,
  site_id text not null,
  title text not null,
  severity text not null,
  severity_rank smallint not null generated always as (severity_rank(severity)) stored,
  state text not null,
  remedy text not null,
  actor_id uuid,
  asset_ids uuid[] not null,
  detection_ids uuid[] not null,
  finding_ids uuid[] not null,
  dossiers jsonb not null,
  opened timestamptz not null,
  due timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
-- One remedy has at most one incident that is not over.
create unique index incidents_open on incidents (site_id, remedy) where state not in ('resolved', 'reviewed');
create index incidents_assets on incidents using gin (asset_ids);
create index incidents_opened on incidents (opened, id);

create table detections (
  id uuid primary key,
  site_id text not null,
  detector text not null,
  severity text not null,
  severity_rank smallint not null generated always as (severity_rank(severity)) stored,
  state text not null,
  actor_id uuid,
  target_id uuid,
  time timestamptz not null,
  last_time timestamptz not null,
  count bigint not null,
  expected text not null,
  seen text not null,
  techniques text[] not null,
  evidence jsonb not null,
  remedy text not null,
  incident_id uuid references incidents (id),
  muted_until timestamptz,
  decided_by text,
  decision_reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index detections_time on detections (time, id);
create index detections_severity on detections (severity_rank, id);
create index detections_actor on detections (actor_id);
create index detections_target on detections (target_id);

create table work_orders (
  id uuid primary key,
  number integer generated always as identity unique,
  site_id text not null,
  kind text not null,
  title text not null,
  state text not null,
  severity text not null,
  severity_rank smallint not null generated always as (severity_rank(severity)) stored,
  asset_ids uuid[] not null,
  incident_id uuid references incidents (id),
  finding_ids uuid[] not null,
  expectation jsonb not null,
  technician_id uuid,
  opened timestamptz not null,
  due timestamptz,
  done timestamptz,
  -- The newest that the sensors had shown of the devices when the work was said to be done, by their own clock.
  seen_until timestamptz,
  resolution text,
  verification jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index work_orders_assets on work_orders using gin (asset_ids);
create index work_orders_opened on work_orders (opened, id);
create index work_orders_done on work_orders (state) where state = 'done';
create index work_orders_technician on work_orders (technician_id);

-- What happened to an incident or a work order, in order.
create table log_entries (
  id uuid primary key,
  site_id text not null,
  subject_id uuid not null,
  time timestamptz not null,
  by_name text not null,
  what text not null,
  reason text,
  created_at timestamptz not null default now()
);
create index log_entries_subject on log_entries (subject_id, id);

create table technicians (
  id uuid primary key,
  site_id text not null,
  name text not null,
  employer text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table authorizations (
  id uuid primary key,
  technician_id uuid not null references technicians (id),
  site_id text not null,
  manufacturer text not null,
  model text not null,
  type text not null,
  level text not null,
  from_date date not null,
  until_date date not null,
  proof text not null,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (from_date <= until_date)
);
create index authorizations_technician on authorizations (technician_id);

alter table users add foreign key (technician_id) references technicians (id);
alter table work_orders add foreign key (technician_id) references technicians (id);
alter table findings add foreign key (work_order_id) references work_orders (id);

create trigger advisories_touch before update on advisories for each row execute function touch_updated_at();
create trigger findings_touch before update on findings for each row execute function touch_updated_at();
create trigger incidents_touch before update on incidents for each row execute function touch_updated_at();
create trigger detections_touch before update on detections for each row execute function touch_updated_at();
create trigger work_orders_touch before update on work_orders for each row execute function touch_updated_at();
create trigger technicians_touch before update on technicians for each row execute function touch_updated_at();

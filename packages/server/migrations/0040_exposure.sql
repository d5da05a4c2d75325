-- What sources say of products beyond advisories, and what became of each finding.

-- Each revision of an advisory as it was published; the newest is in advisories.
create table advisory_revisions (
  id uuid primary key,
  site_id text not null default '*',
  advisory_id text not null references advisories (id),
  revision text not null,
  revised date not null,
  body jsonb not null,
  recorded timestamptz not null,
  created_at timestamptz not null default now()
);
create index advisory_revisions_advisory on advisory_revisions (advisory_id, recorded desc);
alter table advisories add column withdrawn timestamptz;

-- Bills of materials per maker, model and range of versions. body: core's Sbom.
create table sboms (
  id text primary key,
  site_id text not null default '*',
  manufacturer text not null,
  model text not null,
  source text not null,
  published date not null,
  body jsonb not null,
  withdrawn timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create trigger sboms_touch before update on sboms for each row execute function touch_updated_at();

-- Statements of exploitability. body: core's VexStatement. All kept: a later one of the same source speaks, none is deleted.
create table vex_statements (
  id text primary key,
  site_id text not null default '*',
  manufacturer text not null,
  model text not null,
  status text not null,
  source text not null,
  published date not null,
  body jsonb not null,
  withdrawn timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create trigger vex_statements_touch before update on vex_statements for each row execute function touch_updated_at();

-- Until when makers support devices and operating systems. body: core's SupportDate.
create table support_dates (
  id text primary key,
  site_id text not null default '*',
  kind text not null,
  manufacturer text not null,
  model text not null,
  end_of_support date not null,
  source text not null,
  body jsonb not null,
  withdrawn timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create trigger support_dates_touch before update on support_dates for each row execute function touch_updated_at();

-- What each advisory's own words were held against: [{matcher, pid, vendor, product, leaf, range, stated, version, cves, verdict, reason}].
alter table findings add column grounds jsonb not null default '[]';
-- Statements on top: [{source, status, justification, cves, link}].
alter table findings add column statements jsonb not null default '[]';

-- Opened, closed, reopened, verdict changed: one line each, never changed afterwards.
create table finding_history (
  id uuid primary key,
  site_id text not null,
  finding_id uuid not null references findings (id),
  time timestamptz not null,
  what text not null,
  reason text not null,
  created_at timestamptz not null default now()
);
create index finding_history_finding on finding_history (finding_id, time);

-- How far a decision reaches, and what held when it was taken: known exploitation or another device end it.
alter table finding_decisions add column scope text not null default 'finding';
alter table finding_decisions add column basis jsonb not null default '{}';
alter table finding_decisions add column ended_because text;

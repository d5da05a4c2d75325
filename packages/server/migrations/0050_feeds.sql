-- Where knowledge from outside comes from, how fresh it is, and what could not be read.

-- site_id '*': knowledge of the world belongs to the installation, not to a site.
create table feeds (
  id text primary key,
  site_id text not null default '*',
  is_enabled boolean not null default false,
  -- Where it is fetched from; null: the address that the feed brings along.
  url text,
  every_hours integer,
  -- What the source asks to be sent back: entity tag, time of the last change, position of a paged source.
  cursor jsonb not null default '{}',
  state text not null default 'never-run',
  -- The day that the data describes, as the source says; never goes back.
  data_date timestamptz,
  last_run_at timestamptz,
  last_success_at timestamptz,
  -- Online, from a bundle, or by hand.
  last_way text,
  problem text,
  counts jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create trigger feeds_touch before update on feeds for each row execute function touch_updated_at();

-- Every attempt, refused ones too.
create table feed_runs (
  id uuid primary key,
  site_id text not null default '*',
  feed_id text not null,
  way text not null,
  by_name text not null,
  started timestamptz not null,
  ended timestamptz not null,
  outcome text not null,
  problem text,
  counts jsonb not null,
  created_at timestamptz not null default now()
);
create index feed_runs_feed on feed_runs (feed_id, started desc);

-- A document that could not be read, kept whole up to a bound so that a person can look. It ends, it is not deleted.
create table quarantined_documents (
  id uuid primary key,
  site_id text not null default '*',
  feed_id text not null,
  name text not null,
  hash text not null,
  reason text not null,
  bytes bigint not null,
  raw bytea not null,
  found timestamptz not null,
  -- When a later version of the document could be read.
  ended timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index quarantined_documents_open on quarantined_documents (feed_id, name) where ended is null;
create trigger quarantined_documents_touch before update on quarantined_documents
  for each row execute function touch_updated_at();

-- What is known of the use of a CVE by attackers, and how bad it is, from every source that says so.
create table exploit_signals (
  cve text primary key,
  site_id text not null default '*',
  -- CISA KEV.
  kev_added date,
  kev_due date,
  is_ransomware_known boolean,
  -- FIRST EPSS: probability within 30 days and rank, 0 to 1; comparable within one model only.
  epss real,
  epss_percentile real,
  epss_date date,
  epss_model text,
  -- SSVC as CISA publishes it: none, poc, active; yes, no; partial, total.
  ssvc_exploitation text,
  ssvc_automatable text,
  ssvc_technical_impact text,
  ssvc_date date,
  -- [{version, vector, score, stated?, source}], newest version of CVSS first.
  vectors jsonb not null default '[]',
  -- Feed ids that said something of this CVE.
  sources text[] not null default '{}',
  updated timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index exploit_signals_kev on exploit_signals (kev_added) where kev_added is not null;
create trigger exploit_signals_touch before update on exploit_signals
  for each row execute function touch_updated_at();

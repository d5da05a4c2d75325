-- What devices behave like, learned from those of which people or records of this site say what they are.

create table behaviour_models (
  site_id text primary key,
  -- Confirmed devices with traffic, and for each type how many, and how often a vote for it was right when left out.
  examples integer not null,
  types jsonb not null,
  trained_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create trigger behaviour_models_touch before update on behaviour_models for each row execute function touch_updated_at();

-- One for each device that behaves like a known type; written again by the clock, and gone when it no longer does.
create table behaviour_votes (
  asset_id uuid primary key references assets (id),
  site_id text not null,
  vote jsonb not null,
  since timestamptz not null,
  created_at timestamptz not null default now()
);
create index behaviour_votes_site on behaviour_votes (site_id);

-- Merges and splits with everything that they changed, so that they can be undone.

alter table merges add column kind text not null default 'merge';
alter table merges add column by_name text not null default 'Wardkeeper';
alter table merges add column undone_by text;
alter table merges add column undone_because text;
create index merges_into on merges (into_id);
create index merges_from on merges (from_id);

-- One row for each row of another table that a merge changed: the columns as they were, and as the merge left them.
create table merge_rows (
  merge_id uuid not null references merges (id),
  site_id text not null,
  table_name text not null,
  key text not null,
  before jsonb not null,
  after jsonb
);
create index merge_rows_merge on merge_rows (merge_id);

-- Which facts came from the asset that was merged, by the index of `observations`. `is_own` marks facts about a MAC of
-- that asset which the other one had already: an undo leaves them there.
create table merge_observations (
  merge_id uuid not null references merges (id),
  site_id text not null,
  field integer not null,
  hash bigint not null,
  is_own boolean not null
);
create index merge_observations_merge on merge_observations (merge_id);

-- Two assets that a person keeps apart, whatever they state in common.
create table separations (
  id uuid primary key,
  site_id text not null,
  one_id uuid not null references assets (id),
  other_id uuid not null references assets (id),
  because text not null,
  by_name text not null,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  check (one_id < other_id)
);
create unique index separations_current on separations (one_id, other_id) where ended_at is null;
create index separations_other on separations (other_id) where ended_at is null;

-- A name for a baseline that stays when it is laid to another asset.
alter table baselines add column number bigint generated always as identity;

-- Lays rows of a table to another asset, one by one: a row that the other one has already stays where it is.
create function lay_rows(table_name text, from_id uuid, into_id uuid) returns void language plpgsql as $$
declare
  place tid;
begin
  for place in execute format('select ctid from %I where asset_id = $1', table_name) using from_id loop
    begin
      execute format('update %I set asset_id = $1 where ctid = $2', table_name) using into_id, place;
    exception when unique_violation then
      null;
    end;
  end loop;
end $$;

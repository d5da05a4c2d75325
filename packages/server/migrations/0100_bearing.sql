-- Of twenty observations one can change what is known of its asset. Marked, an asset is worked out from these alone.
-- What was stored before is taken to bear until it was looked at: one too many costs time, one too few would cost truth.
alter table observations add column bears boolean not null default true;
create index observations_bearing on observations (asset) where bears;

-- By which knowledge observations are marked, as a digest; how many pages of the table were looked at again since it
-- changed, and whether that is all of them. One row.
create table observation_marks (
  id integer primary key default 1 check (id = 1),
  digest text not null,
  page bigint not null default 0,
  is_done boolean not null default false,
  updated_at timestamptz not null default now()
);

-- A message stands here for seconds: to squeeze it costs more than to keep it.
alter table outbox alter column payload set storage external;

-- That a field no longer needs a second person needs one: proposed by one, and in force when another asks for the same.
create table protection_lifts (
  id uuid primary key,
  site_id text not null,
  field text not null,
  reason text not null,
  proposed_by uuid not null references users (id),
  proposed_at timestamptz not null,
  approved_by uuid references users (id),
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (approved_by is null or approved_by <> proposed_by)
);
create unique index protection_lifts_open on protection_lifts (site_id, field) where ended_at is null;
create trigger protection_lifts_touch before update on protection_lifts for each row execute function touch_updated_at();

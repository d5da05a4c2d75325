-- When preventive maintenance is due next, kept so that a clock need not look at every device, and the work for it.

-- `next_due` is empty where another schedule takes its place. So many days before it the work may be done early.
alter table dossier_entries add column next_due date, add column early_days integer not null default 0,
  add column is_due_known boolean not null default false;
create index dossier_entries_unknown_due on dossier_entries (asset_id) where kind = 'schedule' and not is_due_known;
create index dossier_entries_due on dossier_entries (site_id, next_due)
  where kind = 'schedule' and ended_at is null and next_due is not null;
-- Imported records name the next date themselves, as ISO text.
create index declared_records_next_pm on declared_records (site_id, (body ->> 'nextPm'))
  where until is null and body ? 'nextPm';

-- No writer can forget it: what bears on a date marks it, also a merge that moves schedules and its undo.
create function forget_due_dates() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'maintenance_records' then
    update dossier_entries set is_due_known = false where id = new.schedule_id and is_due_known;
    return null;
  end if;
  update dossier_entries set is_due_known = false
    where kind = 'schedule' and is_due_known and asset_id in (new.asset_id, case when tg_op = 'UPDATE' then old.asset_id end);
  return null;
end $$;
create trigger maintenance_records_due after insert or update on maintenance_records for each row
  when (new.schedule_id is not null) execute function forget_due_dates();
create trigger dossier_entries_due_insert after insert on dossier_entries for each row
  when (new.kind = 'schedule') execute function forget_due_dates();
create trigger dossier_entries_due_update after update of asset_id, ended_at, body on dossier_entries for each row
  when (new.kind = 'schedule') execute function forget_due_dates();

-- One device, one schedule, one due date; it ends, and is never deleted.
create table maintenance_work (
  id uuid primary key,
  site_id text not null,
  asset_id uuid not null references assets (id),
  work_order_id uuid not null references work_orders (id),
  -- `schedule:ID` or `record:SOURCE/KEY`.
  origin text not null,
  schedule_id uuid references dossier_entries (id),
  source text,
  native_key text,
  -- What stands in one order: unit, model, task and month.
  batch text not null,
  name text not null,
  due date not null,
  ended_at timestamptz,
  -- Written down; no longer due (the schedule ended, the device was retired); given up by a person.
  outcome text check (outcome in ('recorded', 'lapsed', 'cancelled')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((ended_at is null) = (outcome is null))
);
create unique index maintenance_work_once on maintenance_work (site_id, origin, due) where outcome is distinct from 'lapsed';
create index maintenance_work_order on maintenance_work (work_order_id);
create index maintenance_work_asset on maintenance_work (asset_id);
create index maintenance_work_open on maintenance_work (site_id, batch) where ended_at is null;
create trigger maintenance_work_touch before update on maintenance_work for each row execute function touch_updated_at();

-- Since when due dates become work, and where a site differs from the content.
create table maintenance_settings (
  site_id text primary key,
  since date not null,
  is_on boolean,
  lead_days integer,
  most_devices integer,
  with_records boolean,
  by_name text,
  reason text,
  set_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create trigger maintenance_settings_touch before update on maintenance_settings for each row execute function touch_updated_at();

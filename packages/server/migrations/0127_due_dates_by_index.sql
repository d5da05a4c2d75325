-- Both looked at every row of the table for each schedule that was written: the index of entries holds those that have not
-- ended, and what was done had none by schedule. What ended is not asked for its date any more.
create or replace function forget_due_dates() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'maintenance_records' then
    update dossier_entries set is_due_known = false where id = new.schedule_id and is_due_known;
    return null;
  end if;
  update dossier_entries set is_due_known = false
    where kind = 'schedule' and is_due_known and ended_at is null and asset_id = new.asset_id;
  if tg_op = 'UPDATE' and old.asset_id <> new.asset_id then
    update dossier_entries set is_due_known = false
      where kind = 'schedule' and is_due_known and ended_at is null and asset_id = old.asset_id;
  end if;
  return null;
end $$;
create index maintenance_records_schedule on maintenance_records (schedule_id, date) where schedule_id is not null;

-- How often what is matched changed, so that a reader that keeps it compiled knows when to read again. A time cannot
-- tell: that of a load is its beginning, and one that began earlier may be committed later. Each change is a row that is
-- seen with the commit that it belongs to, and no writer waits for another; rows are added up now and then.
create table content_changes (
  kind text not null,
  site_id text not null default '*',
  count bigint not null default 1
);

create function count_advisory_change() returns trigger language plpgsql as $$
begin
  insert into content_changes (kind)
    select distinct case when kind = 'cve' then 'cves' else 'advisories' end from changed;
  return null;
end $$;
create trigger advisories_added after insert on advisories
  referencing new table as changed for each statement execute function count_advisory_change();
create trigger advisories_changed after update on advisories
  referencing new table as changed for each statement execute function count_advisory_change();

create function count_fact_change() returns trigger language plpgsql as $$
begin
  if exists (select from changed) then
    insert into content_changes (kind) values ('facts');
  end if;
  return null;
end $$;
create trigger sboms_added after insert on sboms
  referencing new table as changed for each statement execute function count_fact_change();
create trigger sboms_changed after update on sboms
  referencing new table as changed for each statement execute function count_fact_change();
create trigger vex_statements_added after insert on vex_statements
  referencing new table as changed for each statement execute function count_fact_change();
create trigger vex_statements_changed after update on vex_statements
  referencing new table as changed for each statement execute function count_fact_change();
create trigger support_dates_added after insert on support_dates
  referencing new table as changed for each statement execute function count_fact_change();
create trigger support_dates_changed after update on support_dates
  referencing new table as changed for each statement execute function count_fact_change();

-- Of the signals of exploits only known exploitation is matched; probabilities change every day.
create function count_exploit_change() returns trigger language plpgsql as $$
begin
  insert into content_changes (kind) values ('facts');
  return null;
end $$;
create trigger exploit_signals_kev_added after insert on exploit_signals for each row
  when (new.kev_added is not null) execute function count_exploit_change();
create trigger exploit_signals_kev_changed after update on exploit_signals for each row
  when (old.kev_added is distinct from new.kev_added) execute function count_exploit_change();

-- What is there already counts as one change, so that no change means that there is nothing.
insert into content_changes (kind)
  select distinct case when kind = 'cve' then 'cves' else 'advisories' end from advisories;
insert into content_changes (kind) select 'facts'
  where exists (select from sboms) or exists (select from vex_statements) or exists (select from support_dates)
    or exists (select from exploit_signals where kev_added is not null);

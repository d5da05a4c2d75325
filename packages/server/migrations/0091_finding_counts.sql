-- How many open findings share a remedy. Changes are added as rows, so that two transactions never wait for each other,
-- and are added up now and then: the sum is right at every moment.
create table finding_counts (
  site_id text not null,
  remedy text not null,
  kind text not null,
  subject text not null,
  severity text not null,
  verdict text not null,
  count bigint not null,
  -- Already a sum, and not one change among many.
  is_sum boolean not null default false
);

create function count_added_findings() returns trigger language plpgsql as $$
begin
  insert into finding_counts (site_id, remedy, kind, subject, severity, verdict, count)
    select site_id, remedy, kind, subject, severity, verdict, count(*) from added
    where state in ('open', 'in-progress') group by 1, 2, 3, 4, 5, 6;
  return null;
end $$;
create trigger findings_count_added after insert on findings
  referencing new table as added for each statement execute function count_added_findings();

create function count_changed_findings() returns trigger language plpgsql as $$
begin
  insert into finding_counts (site_id, remedy, kind, subject, severity, verdict, count)
    select site_id, remedy, kind, subject, severity, verdict, sum(sign) from (
      select site_id, remedy, kind, subject, severity, verdict, -1 as sign from before
      where state in ('open', 'in-progress')
      union all
      select site_id, remedy, kind, subject, severity, verdict, 1 from after where state in ('open', 'in-progress')
    ) as both_of_them
    group by 1, 2, 3, 4, 5, 6 having sum(sign) <> 0;
  return null;
end $$;
create trigger findings_count_changed after update on findings
  referencing old table as before new table as after for each statement execute function count_changed_findings();

insert into finding_counts
  select site_id, remedy, kind, subject, severity, verdict, count(*), true from findings
  where state in ('open', 'in-progress') group by 1, 2, 3, 4, 5, 6;

-- An asset goes into the queue of risk once for each statement, and not once for each of its findings.
drop trigger findings_risk_added on findings;
drop trigger findings_risk_changed on findings;
drop function queue_risk_of_finding();
create function queue_risk_of_added_findings() returns trigger language plpgsql as $$
begin
  insert into risk_queue (site_id, asset_id) select distinct site_id, asset_id from added;
  return null;
end $$;
create trigger findings_risk_added after insert on findings
  referencing new table as added for each statement execute function queue_risk_of_added_findings();
create function queue_risk_of_changed_findings() returns trigger language plpgsql as $$
begin
  insert into risk_queue (site_id, asset_id)
    select distinct a.site_id, a.asset_id from after a join before b on b.id = a.id
    where (b.asset_id, b.state, b.verdict, b.severity, b.is_known_exploited, b.remedy, b.cves)
      is distinct from (a.asset_id, a.state, a.verdict, a.severity, a.is_known_exploited, a.remedy, a.cves);
  return null;
end $$;
create trigger findings_risk_changed after update on findings
  referencing old table as before new table as after for each statement execute function queue_risk_of_changed_findings();

-- CVEs whose signals of exploitation changed since risk was last worked out by them: each is seen with the commit that it
-- belongs to. A time could not tell: that of a load is its beginning, and one that began earlier may be committed later.
create table signal_changes (
  site_id text not null default '*',
  cve text not null
);

create function note_new_signals() returns trigger language plpgsql as $$
begin
  insert into signal_changes (cve) select cve from changed;
  return null;
end $$;
create trigger exploit_signals_added after insert on exploit_signals
  referencing new table as changed for each statement execute function note_new_signals();

create function note_changed_signals() returns trigger language plpgsql as $$
begin
  insert into signal_changes (cve)
    select now.cve from changed now join before was using (cve)
    where (now.kev_added, now.kev_due, now.is_ransomware_known, now.epss, now.epss_percentile, now.ssvc_exploitation,
        now.ssvc_automatable, now.ssvc_technical_impact, now.vectors)
      is distinct from (was.kev_added, was.kev_due, was.is_ransomware_known, was.epss, was.epss_percentile,
        was.ssvc_exploitation, was.ssvc_automatable, was.ssvc_technical_impact, was.vectors);
  return null;
end $$;
create trigger exploit_signals_changed after update on exploit_signals
  referencing old table as before new table as changed for each statement execute function note_changed_signals();

-- What was not followed yet.
insert into signal_changes (cve)
  select cve from exploit_signals
  where updated_at > coalesce((select max(time) from risk_signals_seen), '-infinity');
drop table risk_signals_seen;

-- Security statements of makers are held against what is seen: a change of them is one of what is matched.
create trigger mds2_forms_added after insert on mds2_forms
  referencing new table as changed for each statement execute function count_fact_change();
create trigger mds2_forms_changed after update on mds2_forms
  referencing new table as changed for each statement execute function count_fact_change();
insert into content_changes (kind) select 'facts' where exists (select from mds2_forms);

-- Which feed an advisory came from: how old that feed is says what its clearing of a device is worth.
alter table advisories add column feed_id text not null default 'bundled';
update advisories set feed_id = case kind when 'recall' then 'fda-recalls' when 'cve' then 'nvd' end
  where kind in ('recall', 'cve');
update advisories set feed_id = 'csaf-cisa'
  where kind = 'csaf' and exists (select from feeds where id = 'csaf-cisa' and last_success_at is not null);
update advisories set feed_id = 'by-hand'
  where exists (select from audit_entries where action = 'advisory.entered' and subject = 'advisory:' || advisories.id);

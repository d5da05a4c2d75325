-- What matching holds in memory is read again when something changed since; asking that must cost nothing.
create index advisories_changed on advisories (kind, updated_at);
create index finding_decisions_model on finding_decisions (site_id) where scope = 'model' and ended_at is null;

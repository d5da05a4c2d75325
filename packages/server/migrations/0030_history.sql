-- Every change of a record of the inventory: who or what, when, why, and what it was before.

-- `position` is the number of the transaction: `since=` reads only up to the oldest that is still open, so that a
-- change which commits late is never skipped. `changes` is {"field": [before, after]}.
create table asset_changes (
  id bigint generated always as identity primary key,
  position bigint not null default pg_current_xact_id()::text::bigint,
  site_id text not null,
  asset_id uuid not null,
  time timestamptz not null default clock_timestamp(),
  by_name text not null,
  cause text not null,
  reason text,
  changes jsonb not null
);
create index asset_changes_asset on asset_changes (asset_id, id);
create index asset_changes_position on asset_changes (position, id);
create trigger asset_changes_append_only before update or delete or truncate on asset_changes
  execute function refuse_change();

-- Who acts is said by `actAs` for the transaction; nobody said: a sensor saw it.
create function note_asset_change() returns trigger language plpgsql as $$
declare
  ignored constant text[] := array['search', 'created_at', 'updated_at', 'first_seen', 'last_seen', 'is_connected',
    'in_use', 'manufacturer_confidence', 'model_confidence', 'type_confidence', 'category_confidence',
    'firmware_confidence', 'findings_critical', 'findings_high', 'findings_medium', 'findings_low', 'finding_rank',
    'open_incidents'];
  changed jsonb;
begin
  select jsonb_object_agg(n.key, jsonb_build_array(o.value, n.value)) into changed
  from jsonb_each(to_jsonb(new) - ignored) n join jsonb_each(to_jsonb(old)) o using (key)
  where n.value is distinct from o.value;
  if changed is null then return null; end if;
  insert into asset_changes (site_id, asset_id, by_name, cause, reason, changes)
  values (new.site_id, new.id, coalesce(nullif(current_setting('wardkeeper.by', true), ''), 'the network'),
    coalesce(nullif(current_setting('wardkeeper.cause', true), ''), 'observed'),
    nullif(current_setting('wardkeeper.reason', true), ''), changed);
  return null;
end $$;

-- The condition is evaluated without calling the function: an asset that was only seen again costs nothing.
create trigger assets_history after update on assets for each row when (
  (old.label, old.state, old.manufacturer, old.model, old.type, old.category, old.firmware, old.serial, old.os,
    old.unit, old.room, old.owner, old.warranty_until, old.contract, old.hostname, old.merged_into)
  is distinct from
  (new.label, new.state, new.manufacturer, new.model, new.type, new.category, new.firmware, new.serial, new.os,
    new.unit, new.room, new.owner, new.warranty_until, new.contract, new.hostname, new.merged_into)
  or old.macs <> new.macs or old.ips <> new.ips or old.names <> new.names
) execute function note_asset_change();

create function note_asset_created() returns trigger language plpgsql as $$
begin
  insert into asset_changes (site_id, asset_id, by_name, cause, reason, changes)
  select new.site_id, new.id, coalesce(nullif(current_setting('wardkeeper.by', true), ''), 'the network'),
    coalesce(nullif(current_setting('wardkeeper.cause', true), ''), 'observed'),
    nullif(current_setting('wardkeeper.reason', true), ''),
    jsonb_object_agg(key, jsonb_build_array(null, value))
  from jsonb_each(jsonb_strip_nulls(to_jsonb(new))) where key in ('label', 'state', 'manufacturer', 'model', 'type',
    'category', 'firmware', 'serial', 'os', 'unit', 'room', 'owner', 'warranty_until', 'contract', 'hostname');
  return null;
end $$;
-- What the wire shows is created empty and filled in the same transaction: that filling is its first change.
create trigger assets_created after insert on assets for each row when (new.label <> '')
  execute function note_asset_created();

-- Which fields need a second person, where a site differs from the content.
create table protected_fields (
  site_id text not null,
  field text not null,
  is_protected boolean not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (site_id, field)
);

create table change_proposals (
  id uuid primary key,
  site_id text not null,
  asset_id uuid not null references assets (id),
  -- {"field": [as it was when proposed, as it shall be]}
  changes jsonb not null,
  reason text not null,
  proposed_by uuid not null references users (id),
  proposed_at timestamptz not null,
  state text not null default 'open',
  decided_by uuid references users (id),
  decided_at timestamptz,
  decision_reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (state not in ('approved', 'refused') or (decided_by is not null and decided_by <> proposed_by))
);
create index change_proposals_open on change_proposals (site_id, id) where state = 'open';
create index change_proposals_asset on change_proposals (asset_id, id);

create trigger protected_fields_touch before update on protected_fields for each row execute function touch_updated_at();
create trigger change_proposals_touch before update on change_proposals for each row execute function touch_updated_at();

create index assets_merged on assets (merged_into) where merged_into is not null;

-- The hospital's own rules: what counts as a medical device, and who answers for it.

create table rule_sets (
  id uuid primary key,
  site_id text not null,
  kind text not null check (kind in ('medical', 'ownership')),
  rules jsonb not null,
  reason text not null,
  by_name text not null,
  since timestamptz not null,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index rule_sets_current on rule_sets (site_id, kind) where ended_at is null;
create trigger rule_sets_touch before update on rule_sets for each row execute function touch_updated_at();

-- What the rules say of each device; null: no rule fits, so it is not decided.
alter table assets add column medical text check (medical in ('yes', 'no')), add column medical_rule text,
  add column accountable text, add column responsible text, add column deputy text,
  add column ownership_until date, add column ownership_rule text;
create index assets_medical on assets (medical) where merged_into is null;

create or replace trigger assets_history after update on assets for each row when (
  (old.label, old.state, old.manufacturer, old.model, old.type, old.category, old.firmware, old.serial, old.os,
    old.unit, old.room, old.owner, old.warranty_until, old.contract, old.hostname, old.merged_into, old.location_id,
    old.condition, old.tags, old.custom, old.medical, old.accountable, old.responsible, old.deputy)
  is distinct from
  (new.label, new.state, new.manufacturer, new.model, new.type, new.category, new.firmware, new.serial, new.os,
    new.unit, new.room, new.owner, new.warranty_until, new.contract, new.hostname, new.merged_into, new.location_id,
    new.condition, new.tags, new.custom, new.medical, new.accountable, new.responsible, new.deputy)
  or old.macs <> new.macs or old.ips <> new.ips or old.names <> new.names
) execute function note_asset_change();

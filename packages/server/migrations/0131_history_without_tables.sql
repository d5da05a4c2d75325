-- What changed of a device, told without a table of its columns: a list of `values` is made ready anew for each row that it is
-- asked for. 200 changed devices 20 > 7 ms, 200 new ones 16 > 11.
create function told_change(field text, before anyelement, after anyelement) returns jsonb stable language sql as $$
  select case when before is distinct from after then jsonb_build_object(field, jsonb_build_array(before, after)) else '{}' end
$$;

-- As in 0118 but for that.
create or replace function follow_assets() returns trigger language plpgsql set enable_nestloop = off as $$
declare
  told uuid[];
  noted uuid[];
  scored uuid[];
  is_counted boolean;
begin
  select
    array_agg(n.id) filter (where
      (o.label, o.hostname, o.manufacturer, o.model, o.serial, o.type, o.unit, o.room, o.owner)
      is distinct from
      (n.label, n.hostname, n.manufacturer, n.model, n.serial, n.type, n.unit, n.room, n.owner)
      or o.macs <> n.macs or o.ips <> n.ips or o.names <> n.names),
    array_agg(n.id) filter (where
      (o.label, o.state, o.manufacturer, o.model, o.type, o.category, o.firmware, o.serial, o.os,
        o.unit, o.room, o.owner, o.warranty_until, o.contract, o.hostname, o.merged_into, o.location_id,
        o.condition, o.tags, o.custom, o.medical, o.accountable, o.responsible, o.deputy)
      is distinct from
      (n.label, n.state, n.manufacturer, n.model, n.type, n.category, n.firmware, n.serial, n.os,
        n.unit, n.room, n.owner, n.warranty_until, n.contract, n.hostname, n.merged_into, n.location_id,
        n.condition, n.tags, n.custom, n.medical, n.accountable, n.responsible, n.deputy)
      or o.macs <> n.macs or o.ips <> n.ips or o.names <> n.names),
    array_agg(n.id) filter (where (o.type, o.category, o.os, o.in_use, o.manufacturer, o.model, o.merged_into)
      is distinct from (n.type, n.category, n.os, n.in_use, n.manufacturer, n.model, n.merged_into)),
    bool_or((o.site_id, o.type, o.category, o.manufacturer, o.unit, o.state, o.is_connected, o.merged_into,
        o.finding_rank)
      is distinct from
      (n.site_id, n.type, n.category, n.manufacturer, n.unit, n.state, n.is_connected, n.merged_into, n.finding_rank))
  into told, noted, scored, is_counted
  from after n join before o using (id);

  if told is not null then
    -- As in text_of_asset, written where it is made.
    insert into asset_search as s (asset_id, site_id, text)
    select n.id, n.site_id, lower(concat_ws(' ', n.label, n.hostname, n.manufacturer, n.model, n.serial, n.type, n.unit,
      n.room, n.owner, array_to_string(n.macs, ' '), array_to_string(n.ips, ' '),
      (select string_agg(value, ' ') from jsonb_each_text(n.names))))
    from after n where n.id = any(told)
    order by n.id
    on conflict (asset_id) do update set text = excluded.text where s.text <> excluded.text;
  end if;

  if is_counted then
    insert into asset_counts
    select site_id, type, category, manufacturer, unit, state, is_connected, has_critical, has_high, has_medium,
      has_low, sum(sign)::integer
    from (
      select o.site_id, o.type, o.category, o.manufacturer, o.unit, o.state, o.is_connected,
        o.findings_critical > 0, o.findings_high > 0, o.findings_medium > 0, o.findings_low > 0, -1
      from before o where o.merged_into is null
      union all
      select n.site_id, n.type, n.category, n.manufacturer, n.unit, n.state, n.is_connected,
        n.findings_critical > 0, n.findings_high > 0, n.findings_medium > 0, n.findings_low > 0, 1
      from after n where n.merged_into is null
    ) as c (site_id, type, category, manufacturer, unit, state, is_connected, has_critical, has_high, has_medium,
      has_low, sign)
    group by site_id, type, category, manufacturer, unit, state, is_connected, has_critical, has_high, has_medium,
      has_low
    having sum(sign) <> 0;
  end if;

  if noted is not null then
    -- Who acts is said by `actAs` for the transaction; nobody said: a sensor saw it.
    insert into asset_changes (site_id, asset_id, by_name, cause, reason, changes)
    select n.site_id, n.id, coalesce(nullif(current_setting('wardkeeper.by', true), ''), 'the network'),
      coalesce(nullif(current_setting('wardkeeper.cause', true), ''), 'observed'),
      nullif(current_setting('wardkeeper.reason', true), ''), c.changes
    from after n join before o using (id)
    cross join lateral (
      select told_change('state', o.state, n.state) || told_change('label', o.label, n.label) ||
        told_change('macs', o.macs, n.macs) || told_change('ips', o.ips, n.ips) ||
        told_change('names', o.names, n.names) || told_change('hostname', o.hostname, n.hostname) ||
        told_change('manufacturer', o.manufacturer, n.manufacturer) || told_change('model', o.model, n.model) ||
        told_change('type', o.type, n.type) || told_change('category', o.category, n.category) ||
        told_change('firmware', o.firmware, n.firmware) || told_change('serial', o.serial, n.serial) ||
        told_change('os', o.os, n.os) || told_change('unit', o.unit, n.unit) ||
        told_change('room', o.room, n.room) || told_change('owner', o.owner, n.owner) ||
        told_change('warranty_until', o.warranty_until, n.warranty_until) ||
        told_change('contract', o.contract, n.contract) ||
        told_change('merged_into', o.merged_into, n.merged_into) ||
        told_change('presence_reason', o.presence_reason, n.presence_reason) ||
        told_change('location_id', o.location_id, n.location_id) ||
        told_change('condition', o.condition, n.condition) || told_change('tags', o.tags, n.tags) ||
        told_change('custom', o.custom, n.custom) || told_change('medical', o.medical, n.medical) ||
        told_change('medical_rule', o.medical_rule, n.medical_rule) ||
        told_change('accountable', o.accountable, n.accountable) ||
        told_change('responsible', o.responsible, n.responsible) || told_change('deputy', o.deputy, n.deputy) ||
        told_change('ownership_until', o.ownership_until, n.ownership_until) ||
        told_change('ownership_rule', o.ownership_rule, n.ownership_rule) as changes
      -- Else it would be made twice: to be looked at, and to be kept.
      offset 0
    ) as c
    where n.id = any(noted) and c.changes <> '{}'
    order by n.id;
  end if;

  if scored is not null then
    insert into risk_queue (site_id, asset_id)
    select site_id, id from after where id = any(scored) order by id;
  end if;
  return null;
end $$;

-- As in 0130 but for that.
create or replace function follow_new_assets() returns trigger language plpgsql as $$
begin
  -- Each has a sight: whoever was seen has got it with the row, all others never were.
  insert into asset_sights (asset_id, seen) select id, 'epoch'::timestamptz from added order by id
    on conflict (asset_id) do nothing;

  -- What the search looks through, as in follow_assets.
  insert into asset_search (asset_id, site_id, text)
  select n.id, n.site_id, lower(concat_ws(' ', n.label, n.hostname, n.manufacturer, n.model, n.serial, n.type, n.unit,
    n.room, n.owner, array_to_string(n.macs, ' '), array_to_string(n.ips, ' '),
    (select string_agg(value, ' ') from jsonb_each_text(n.names))))
  from added n order by n.id;

  insert into asset_counts
  select n.site_id, n.type, n.category, n.manufacturer, n.unit, n.state, n.is_connected, n.findings_critical > 0,
    n.findings_high > 0, n.findings_medium > 0, n.findings_low > 0, count(*)::integer
  from added n where n.merged_into is null
  group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11;

  insert into risk_queue (site_id, asset_id) select site_id, id from added order by id;

  -- A row without a name is made empty, for keys to point to, and filled in the same transaction: that is its first change.
  -- Lists begin empty, so that a look at the moment in between finds lists.
  insert into asset_changes (site_id, asset_id, by_name, cause, reason, changes)
  select n.site_id, n.id, coalesce(nullif(current_setting('wardkeeper.by', true), ''), 'the network'),
    coalesce(nullif(current_setting('wardkeeper.cause', true), ''), 'observed'),
    nullif(current_setting('wardkeeper.reason', true), ''), c.changes
  from added n
  cross join lateral (
    select jsonb_object_agg(field, change) as changes
    from unnest(
      array['label', 'state', 'macs', 'ips', 'names', 'hostname', 'manufacturer', 'model', 'type', 'category',
        'firmware', 'serial', 'os', 'unit', 'room', 'owner', 'warranty_until', 'contract'],
      array[change_of(null, n.label), change_of(null, n.state), change_of('{}', n.macs), change_of('{}', n.ips),
        change_of('{}', n.names), change_of(null, n.hostname), change_of(null, n.manufacturer),
        change_of(null, n.model), change_of(null, n.type), change_of(null, n.category), change_of(null, n.firmware),
        change_of(null, n.serial), change_of(null, n.os), change_of(null, n.unit), change_of(null, n.room),
        change_of(null, n.owner), change_of(null, n.warranty_until), change_of(null, n.contract)]
    ) as told (field, change) where change is not null
  ) as c
  where n.label <> ''
  order by n.id;
  return null;
end $$;

-- What a column held before and holds now; null where that is the same.
create function change_of(before anyelement, after anyelement) returns jsonb stable language sql as $$
  select case when before is distinct from after then jsonb_build_array(before, after) end
$$;

-- As in 0115, but what changed is asked of each column.
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
    -- Column by column: to make JSON of both rows and compare that took four times as long.
    -- Who acts is said by `actAs` for the transaction; nobody said: a sensor saw it.
    insert into asset_changes (site_id, asset_id, by_name, cause, reason, changes)
    select n.site_id, n.id, coalesce(nullif(current_setting('wardkeeper.by', true), ''), 'the network'),
      coalesce(nullif(current_setting('wardkeeper.cause', true), ''), 'observed'),
      nullif(current_setting('wardkeeper.reason', true), ''), c.changes
    from after n join before o using (id)
    cross join lateral (
      select jsonb_object_agg(field, change) as changes
      from (values
        ('state', change_of(o.state, n.state)),
        ('label', change_of(o.label, n.label)),
        ('macs', change_of(o.macs, n.macs)),
        ('ips', change_of(o.ips, n.ips)),
        ('names', change_of(o.names, n.names)),
        ('hostname', change_of(o.hostname, n.hostname)),
        ('manufacturer', change_of(o.manufacturer, n.manufacturer)),
        ('model', change_of(o.model, n.model)),
        ('type', change_of(o.type, n.type)),
        ('category', change_of(o.category, n.category)),
        ('firmware', change_of(o.firmware, n.firmware)),
        ('serial', change_of(o.serial, n.serial)),
        ('os', change_of(o.os, n.os)),
        ('unit', change_of(o.unit, n.unit)),
        ('room', change_of(o.room, n.room)),
        ('owner', change_of(o.owner, n.owner)),
        ('warranty_until', change_of(o.warranty_until, n.warranty_until)),
        ('contract', change_of(o.contract, n.contract)),
        ('merged_into', change_of(o.merged_into, n.merged_into)),
        ('presence_reason', change_of(o.presence_reason, n.presence_reason)),
        ('location_id', change_of(o.location_id, n.location_id)),
        ('condition', change_of(o.condition, n.condition)),
        ('tags', change_of(o.tags, n.tags)),
        ('custom', change_of(o.custom, n.custom)),
        ('medical', change_of(o.medical, n.medical)),
        ('medical_rule', change_of(o.medical_rule, n.medical_rule)),
        ('accountable', change_of(o.accountable, n.accountable)),
        ('responsible', change_of(o.responsible, n.responsible)),
        ('deputy', change_of(o.deputy, n.deputy)),
        ('ownership_until', change_of(o.ownership_until, n.ownership_until)),
        ('ownership_rule', change_of(o.ownership_rule, n.ownership_rule))
      ) as told (field, change) where change is not null
    ) as c
    where n.id = any(noted) and c.changes is not null
    order by n.id;
  end if;

  if scored is not null then
    insert into risk_queue (site_id, asset_id)
    select site_id, id from after where id = any(scored) order by id;
  end if;
  return null;
end $$;

-- What follows an update of assets is done once for all rows of the statement. A call of a function for each row, and of
-- five for one that changed, took most of the time of a message that names two hundred devices.
drop trigger assets_sight on assets;
drop trigger assets_search on assets;
drop trigger assets_count on assets;
drop trigger assets_history on assets;
drop trigger assets_risk_changed on assets;
drop function note_asset_change();

create trigger assets_search_new after insert on assets for each row execute function describe_asset();

-- How many rows a statement changed is not known to the planner: a nested loop takes the square of the time for many.
create function note_sights() returns trigger language plpgsql set enable_nestloop = off as $$
begin
  insert into asset_sights (asset_id, seen)
  select n.id, n.last_seen from after n join before o using (id)
  where n.last_seen is distinct from o.last_seen order by n.id
  on conflict (asset_id) do update set seen = excluded.seen;
  return null;
end $$;

-- Which rows are followed where is asked once, by the columns that each of them is about. A device that is only seen again
-- is in none of the lists.
create function follow_assets() returns trigger language plpgsql set enable_nestloop = off as $$
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
    cross join lateral (select to_jsonb(o) as earlier offset 0) as whole
    -- Looked up in the row of before, which costs less than to join with it.
    cross join lateral (
      select jsonb_object_agg(key, jsonb_build_array(earlier -> key, value)) as changes
      from jsonb_each(to_jsonb(n)) where value is distinct from earlier -> key
        and key <> all (array['created_at', 'updated_at', 'first_seen', 'last_seen', 'is_connected', 'in_use',
          'manufacturer_confidence', 'model_confidence', 'type_confidence', 'category_confidence',
          'firmware_confidence', 'findings_critical', 'findings_high', 'findings_medium', 'findings_low',
          'finding_rank', 'open_incidents'])
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

create trigger assets_sights after update on assets referencing old table as before new table as after
  for each statement execute function note_sights();
create trigger assets_followed after update on assets referencing old table as before new table as after
  for each statement execute function follow_assets();

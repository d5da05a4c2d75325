-- The same with less work for each row: what changed is looked up in the row of before, not joined with it, and what is
-- searched for is written where it is made, as in text_of_asset.
create or replace function follow_assets() returns trigger language plpgsql set enable_nestloop = off as $$
declare
  is_told boolean;
  is_counted boolean;
  is_noted boolean;
  is_scored boolean;
begin
  -- A device that is only seen again ends here.
  select
    bool_or((o.label, o.hostname, o.manufacturer, o.model, o.serial, o.type, o.unit, o.room, o.owner)
      is distinct from
      (n.label, n.hostname, n.manufacturer, n.model, n.serial, n.type, n.unit, n.room, n.owner)
      or o.macs <> n.macs or o.ips <> n.ips or o.names <> n.names),
    bool_or((o.site_id, o.type, o.category, o.manufacturer, o.unit, o.state, o.is_connected, o.merged_into,
        o.finding_rank)
      is distinct from
      (n.site_id, n.type, n.category, n.manufacturer, n.unit, n.state, n.is_connected, n.merged_into, n.finding_rank)),
    bool_or((o.label, o.state, o.manufacturer, o.model, o.type, o.category, o.firmware, o.serial, o.os,
        o.unit, o.room, o.owner, o.warranty_until, o.contract, o.hostname, o.merged_into, o.location_id,
        o.condition, o.tags, o.custom, o.medical, o.accountable, o.responsible, o.deputy)
      is distinct from
      (n.label, n.state, n.manufacturer, n.model, n.type, n.category, n.firmware, n.serial, n.os,
        n.unit, n.room, n.owner, n.warranty_until, n.contract, n.hostname, n.merged_into, n.location_id,
        n.condition, n.tags, n.custom, n.medical, n.accountable, n.responsible, n.deputy)
      or o.macs <> n.macs or o.ips <> n.ips or o.names <> n.names),
    bool_or((o.type, o.category, o.os, o.in_use, o.manufacturer, o.model, o.merged_into)
      is distinct from (n.type, n.category, n.os, n.in_use, n.manufacturer, n.model, n.merged_into))
  into is_told, is_counted, is_noted, is_scored
  from after n join before o using (id);

  if is_told then
    insert into asset_search as s (asset_id, site_id, text)
    select n.id, n.site_id, lower(concat_ws(' ', n.label, n.hostname, n.manufacturer, n.model, n.serial, n.type, n.unit,
      n.room, n.owner, array_to_string(n.macs, ' '), array_to_string(n.ips, ' '),
      (select string_agg(value, ' ') from jsonb_each_text(n.names))))
    from after n join before o using (id)
    where (o.label, o.hostname, o.manufacturer, o.model, o.serial, o.type, o.unit, o.room, o.owner)
      is distinct from
      (n.label, n.hostname, n.manufacturer, n.model, n.serial, n.type, n.unit, n.room, n.owner)
      or o.macs <> n.macs or o.ips <> n.ips or o.names <> n.names
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

  if is_noted then
    -- Who acts is said by `actAs` for the transaction; nobody said: a sensor saw it.
    insert into asset_changes (site_id, asset_id, by_name, cause, reason, changes)
    select n.site_id, n.id, coalesce(nullif(current_setting('wardkeeper.by', true), ''), 'the network'),
      coalesce(nullif(current_setting('wardkeeper.cause', true), ''), 'observed'),
      nullif(current_setting('wardkeeper.reason', true), ''), c.changes
    from after n join before o using (id)
    cross join lateral (select to_jsonb(o) as earlier offset 0) as whole
    cross join lateral (
      select jsonb_object_agg(key, jsonb_build_array(earlier -> key, value)) as changes
      from jsonb_each(to_jsonb(n)) where value is distinct from earlier -> key
        and key <> all (array['created_at', 'updated_at', 'first_seen', 'last_seen', 'is_connected', 'in_use',
          'manufacturer_confidence', 'model_confidence', 'type_confidence', 'category_confidence',
          'firmware_confidence', 'findings_critical', 'findings_high', 'findings_medium', 'findings_low',
          'finding_rank', 'open_incidents'])
    ) as c
    where ((o.label, o.state, o.manufacturer, o.model, o.type, o.category, o.firmware, o.serial, o.os,
        o.unit, o.room, o.owner, o.warranty_until, o.contract, o.hostname, o.merged_into, o.location_id,
        o.condition, o.tags, o.custom, o.medical, o.accountable, o.responsible, o.deputy)
      is distinct from
      (n.label, n.state, n.manufacturer, n.model, n.type, n.category, n.firmware, n.serial, n.os,
        n.unit, n.room, n.owner, n.warranty_until, n.contract, n.hostname, n.merged_into, n.location_id,
        n.condition, n.tags, n.custom, n.medical, n.accountable, n.responsible, n.deputy)
      or o.macs <> n.macs or o.ips <> n.ips or o.names <> n.names) and c.changes is not null
    order by n.id;
  end if;

  if is_scored then
    insert into risk_queue (site_id, asset_id)
    select n.site_id, n.id from after n join before o using (id)
    where (o.type, o.category, o.os, o.in_use, o.manufacturer, o.model, o.merged_into)
      is distinct from (n.type, n.category, n.os, n.in_use, n.manufacturer, n.model, n.merged_into)
    order by n.id;
  end if;
  return null;
end $$;

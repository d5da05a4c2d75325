-- What follows a new row of assets is done once for all rows of the statement, as it is for changed ones since 0115: five
-- functions were called for each row. A device that is seen for the first time is written whole now, with what it is.
drop trigger assets_search_new on assets;
drop trigger assets_sight_new on assets;
drop trigger assets_count_new on assets;
drop trigger assets_risk_added on assets;
drop trigger assets_created on assets;
drop function describe_asset();
drop function text_of_asset(assets);
drop function note_sight();
drop function queue_risk_of_asset();
drop function note_asset_created();

create function follow_new_assets() returns trigger language plpgsql as $$
begin
  insert into asset_sights (asset_id, seen) select id, last_seen from added order by id;

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
    from (values
      ('label', change_of(null, n.label)),
      ('state', change_of(null, n.state)),
      ('macs', change_of('{}', n.macs)),
      ('ips', change_of('{}', n.ips)),
      ('names', change_of('{}', n.names)),
      ('hostname', change_of(null, n.hostname)),
      ('manufacturer', change_of(null, n.manufacturer)),
      ('model', change_of(null, n.model)),
      ('type', change_of(null, n.type)),
      ('category', change_of(null, n.category)),
      ('firmware', change_of(null, n.firmware)),
      ('serial', change_of(null, n.serial)),
      ('os', change_of(null, n.os)),
      ('unit', change_of(null, n.unit)),
      ('room', change_of(null, n.room)),
      ('owner', change_of(null, n.owner)),
      ('warranty_until', change_of(null, n.warranty_until)),
      ('contract', change_of(null, n.contract))
    ) as told (field, change) where change is not null
  ) as c
  where n.label <> ''
  order by n.id;
  return null;
end $$;
create trigger assets_added after insert on assets referencing new table as added
  for each statement execute function follow_new_assets();
create trigger assets_count_gone after delete on assets for each row execute function count_assets();
alter table assets set (fillfactor = 60);

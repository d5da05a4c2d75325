-- When an asset was last seen stands in asset_sights only. Beside it the row of the asset was locked and written again for
-- each sight, and the triggers that follow assets were asked whether anything else had changed.
drop trigger assets_sights on assets;
drop function note_sights();
insert into asset_sights (asset_id, seen) select id, last_seen from assets
  on conflict (asset_id) do update set seen = excluded.seen where asset_sights.seen < excluded.seen;
alter table assets drop column last_seen;

-- As in 0128 but for the sight.
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

-- When an asset was last seen changes all day. An index of `assets` on it made each change a new entry in every other
-- index of that table; beside it there are two. With room on its page the row itself costs no entry at all.
create table asset_sights (
  asset_id uuid primary key references assets (id),
  seen timestamptz not null
) with (fillfactor = 80);
insert into asset_sights (asset_id, seen) select id, last_seen from assets;
create index asset_sights_seen on asset_sights (seen, asset_id);
drop index assets_last_seen;
alter table assets set (fillfactor = 85);

create function note_sight() returns trigger language plpgsql as $$
begin
  insert into asset_sights (asset_id, seen) values (new.id, new.last_seen)
    on conflict (asset_id) do update set seen = excluded.seen;
  return null;
end $$;
create trigger assets_sight_new after insert on assets for each row execute function note_sight();
create trigger assets_sight after update of last_seen on assets for each row
  when (old.last_seen is distinct from new.last_seen) execute function note_sight();

-- A message of many observations is squeezed by its writer: then `payload` is null and this is its JSON as zstd.
alter table outbox alter column payload drop not null;
alter table outbox add column packed bytea;
alter table outbox alter column packed set storage external;
alter table outbox add constraint outbox_has_payload check (payload is not null or packed is not null);

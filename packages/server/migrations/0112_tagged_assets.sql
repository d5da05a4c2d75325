-- Few assets carry tags: to count them no others are read.
create index assets_tagged on assets (site_id) where tags <> '{}' and merged_into is null;

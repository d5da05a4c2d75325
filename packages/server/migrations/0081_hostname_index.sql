-- The wire may call a device by any name; what is too long for an index must not keep its observations out.
drop index assets_hostname_lower;
create index assets_hostname_start on assets (site_id, (left(lower(hostname), 250)))
  where hostname is not null and merged_into is null;

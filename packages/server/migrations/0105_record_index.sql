-- What a record ever said of a device, also one that ended, is looked up with each chunk of an import.
create index declared_records_of_asset on declared_records (asset_id);
drop index declared_records_asset;

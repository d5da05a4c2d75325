-- Lists are asked of memory that something else may have filled meanwhile; where the extension is missing the first ones
-- are only slower.
do $$
begin
  create extension if not exists pg_prewarm;
exception when others then
  raise notice 'pg_prewarm is not available: %', sqlerrm;
end $$;

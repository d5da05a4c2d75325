-- Who came, went, moved or changed its address, and why somebody is not called gone.

create table presence_events (
  id uuid primary key,
  site_id text not null,
  asset_id uuid not null references assets (id),
  kind text not null,
  -- By the clock of the frames; for `left` the last sight.
  time timestamptz not null,
  detail text not null,
  created_at timestamptz not null default now()
);
create index presence_events_asset on presence_events (asset_id, time);
create index presence_events_site on presence_events (site_id, id);

-- Set while an asset is not seen and no sensor that saw it before can see: not seen is then not gone.
alter table assets add column presence_reason text;

-- Messages wait here for a moment only: to pack half a megabyte of facts costs more than to write it.
alter table outbox alter column payload set storage external;

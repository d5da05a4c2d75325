-- What feeds tell beyond advisories and signals. One row for each thing; a later word of the same source replaces it.

-- body: core's Patch.
create table patches (
  id text primary key,
  site_id text not null default '*',
  manufacturer text not null,
  model text not null,
  cves text[] not null,
  advisories text[] not null,
  validated date,
  source text not null,
  body jsonb not null,
  withdrawn timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index patches_model on patches (lower(manufacturer), lower(model));
create trigger patches_touch before update on patches for each row execute function touch_updated_at();

-- Trade items by primary device identifier. body: core's DeviceIdentifier.
create table device_identifiers (
  di text primary key,
  site_id text not null default '*',
  company text not null,
  brand text not null,
  model text not null,
  product_codes text[] not null,
  body jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index device_identifiers_model on device_identifiers (lower(model));
create trigger device_identifiers_touch before update on device_identifiers
  for each row execute function touch_updated_at();

-- FDA product codes. body: core's ProductCode.
create table product_codes (
  code text primary key,
  site_id text not null default '*',
  name text not null,
  device_class text not null,
  is_life_support boolean not null,
  is_implant boolean not null,
  body jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create trigger product_codes_touch before update on product_codes for each row execute function touch_updated_at();

-- Security statements of makers. body: core's Mds2Form with raw and normalised answers.
create table mds2_forms (
  id text primary key,
  site_id text not null default '*',
  manufacturer text not null,
  models text[] not null,
  version_range text not null,
  edition text not null,
  released date,
  body jsonb not null,
  withdrawn timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create trigger mds2_forms_touch before update on mds2_forms for each row execute function touch_updated_at();

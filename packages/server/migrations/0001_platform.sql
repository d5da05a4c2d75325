-- Accounts, sessions, the audit log, and the tables of the bus.

create function touch_updated_at() returns trigger language plpgsql as $$
begin
  new.updated_at = now();
  return new;
end $$;

create table sites (
  id text primary key,
  name text not null,
  time_zone text not null default 'UTC',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- site_id '*' in users: the account belongs to the installation; `sites` says what it may see.
create table users (
  id uuid primary key,
  site_id text not null default '*',
  username text not null unique,
  name text not null,
  password_hash text not null,
  must_change_password boolean not null,
  roles text[] not null,
  sites text[] not null,
  technician_id uuid,
  is_active boolean not null default true,
  last_sign_in_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table sessions (
  token_hash bytea primary key,
  site_id text not null default '*',
  user_id uuid not null references users (id),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index sessions_user on sessions (user_id) where ended_at is null;

-- `body` is the exact text that was hashed together with `previous_hash`; the other columns repeat parts of it.
create table audit_entries (
  id bigint primary key,
  site_id text not null,
  time timestamptz not null,
  by_name text not null,
  action text not null,
  subject text not null,
  reason text,
  body text not null,
  previous_hash text not null,
  hash text not null,
  created_at timestamptz not null default now()
);
create index audit_entries_subject on audit_entries (subject);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end $$;
create trigger audit_entries_append_only before update or delete or truncate on audit_entries
  execute function refuse_change();

-- Messages that wait for delivery. `payload` is json, not jsonb: kept as written, never searched.
create table outbox (
  seq bigint generated always as identity primary key,
  id text not null unique,
  subject text not null,
  payload json not null,
  created_at timestamptz not null default now()
);

create table subscriptions (
  name text not null,
  subject text not null,
  position bigint not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (name, subject)
);

create table parked_messages (
  subscription text not null,
  id text not null,
  subject text not null,
  payload json not null,
  attempts integer not null,
  error text not null,
  created_at timestamptz not null default now(),
  primary key (subscription, id)
);

-- What each stage has handled: the second delivery of a message changes nothing.
create table inbox (
  stage text not null,
  message_id text not null,
  created_at timestamptz not null default now(),
  primary key (stage, message_id)
);

create trigger sites_touch before update on sites for each row execute function touch_updated_at();
create trigger users_touch before update on users for each row execute function touch_updated_at();

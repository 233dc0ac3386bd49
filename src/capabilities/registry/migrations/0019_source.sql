-- A service's own data behind a domain. No older process is broken: it answers from our own rows alone, so add sources when all
-- processes are of this version. The secrets of sources lie in a schema of their own, which is made with the first one.
create table source (
  id         bigint primary key generated always as identity,
  domain     text not null unique references domain (name) on delete cascade, -- an older `domain remove` knows no sources
  settings   jsonb not null check (jsonb_typeof(settings) = 'object'),
  fresh_ms   integer not null check (fresh_ms >= 1000),
  round      integer not null default 0, -- the last scan that came to its end; 0: none yet
  scanned_at timestamptz,
  scan       integer not null default 0, -- the last scan that began
  scan_at    timestamptz, -- when it did
  is_scanned boolean not null default false, -- whether it is under way
  created_at timestamptz not null default now()
);

-- The last profile that was served from a source under a name. Does not reference source: another one behind the same
-- domain, or the same one added again, must not bring back an earlier profile either.
create table source_served (
  node                bytea primary key check (octet_length(node) = 32),
  row_digest          bytea not null check (octet_length(row_digest) = 32), -- of the row that was verified
  profile_fingerprint bytea not null check (octet_length(profile_fingerprint) = 32),
  served_at           timestamptz not null default now()
);
-- Those that were served before. Beside retired_profile, all of which follows from histories.
create table source_retired (
  node                bytea not null check (octet_length(node) = 32),
  profile_fingerprint bytea not null check (octet_length(profile_fingerprint) = 32),
  primary key (node, profile_fingerprint)
);

-- A profile in our own row is newer than what a source had: that must not come back when our row goes again.
create function retire_served_from_source() returns trigger language plpgsql as $$
begin
  with replaced as (
    delete from source_served s using written w
    where s.node = w.node and w.profile_fingerprint is not null and s.profile_fingerprint <> w.profile_fingerprint
    returning s.node, s.profile_fingerprint
  )
  insert into source_retired (node, profile_fingerprint) select node, profile_fingerprint from replaced
  on conflict do nothing;
  return null;
end
$$;
create trigger name_inserted_over_source
  after insert on name referencing new table as written
  for each statement execute function retire_served_from_source();
create trigger name_updated_over_source
  after update on name referencing new table as written
  for each statement execute function retire_served_from_source();

-- What is wrong with rows of a source.
create table source_problem (
  source   bigint not null references source (id) on delete cascade,
  name     text not null,
  kind     text not null,
  detail   text not null,
  first_at timestamptz not null default now(),
  last_at  timestamptz not null default now(),
  primary key (source, name, kind)
);

-- The names that scans of a source have seen.
create table source_name (
  source      bigint not null references source (id) on delete cascade,
  node        bytea not null check (octet_length(node) = 32),
  name        text not null,
  shared_form text, -- of a name that is one name with another one to dm3's clients
  round       integer not null, -- the last scan that saw it
  twin_round  integer not null default 0, -- the last scan that saw it more than once
  primary key (source, node)
);
create index source_name_shared_form on source_name (source, shared_form) where shared_form is not null;
create index source_name_of_node on source_name (node);

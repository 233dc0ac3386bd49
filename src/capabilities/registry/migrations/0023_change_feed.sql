-- What changed in a domain, for those who follow it. A name that changes moves to the end of its domain's feed: a follower reads the
-- last state of each, however long it was away. Nobody follows a domain until its feed is read for the first time. No older process
-- is broken: the triggers work for what it writes as well, and with the rights of the tables' owner.
create table followed_domain (
  domain text primary key references domain (name) on delete cascade,
  feed   uuid not null default gen_random_uuid(), -- part of each cursor: another one means that the feed begins anew
  place  text not null, -- which database it was; a restored one is another
  last   bigint not null default 0 -- the last number that was given
);

create table changed_name (
  domain   text not null references followed_domain (domain) on delete cascade,
  node     bytea not null check (octet_length(node) = 32), -- of a name that is gone, nothing else is kept
  number   bigint, -- null: not given yet
  noted_at timestamptz not null default clock_timestamp(),
  primary key (domain, node)
) with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
create unique index changed_name_number on changed_name (domain, number) where number is not null;
create index changed_name_unnumbered on changed_name (domain, noted_at, node) where number is null;

-- Numbers are given when somebody reads: changes become visible in another order than that in which they were written, and a
-- number that was given in the trigger could appear behind a reader who has a higher one.
create function note_changed_names(domains text[], nodes bytea[]) returns void
language sql security definer set search_path from current as $$
  insert into changed_name (domain, node)
    select distinct given.domain, given.node from unnest(domains, nodes) as given (domain, node) order by given.node
    on conflict (domain, node) do update set number = null, noted_at = clock_timestamp()
$$;

create function note_written_names() returns trigger language plpgsql security definer set search_path from current as $$
begin
  perform note_changed_names(array_agg(w.domain), array_agg(w.node)) from written w join followed_domain f on f.domain = w.domain
    having count(*) > 0;
  return null;
end
$$;
create trigger name_inserted_is_noted
  after insert on name referencing new table as written
  for each statement execute function note_written_names();
create trigger name_updated_is_noted
  after update on name referencing new table as written
  for each statement execute function note_written_names();

-- Of a domain that does not have it any more.
create function note_gone_names() returns trigger language plpgsql security definer set search_path from current as $$
begin
  perform note_changed_names(array_agg(g.domain), array_agg(g.node)) from gone g join followed_domain f on f.domain = g.domain
    where not exists (select from name n where n.node = g.node and n.domain = g.domain)
    having count(*) > 0;
  return null;
end
$$;
create trigger name_deleted_is_noted
  after delete on name referencing old table as gone
  for each statement execute function note_gone_names();
create trigger name_handed_over_is_noted
  after update on name referencing old table as gone
  for each statement execute function note_gone_names();

-- A restored database is seen by one of four numbers: a dump makes the table anew, a copy is another database, a base backup goes
-- on in another timeline, or all of it is another cluster. Where a managed server hides the last one, three are left.
create function place_of_database() returns text language plpgsql as $$
declare
  place text := (select oid from pg_database where datname = current_database()) || '/' || 'followed_domain'::regclass::oid
    || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8);
begin
  return place || '/' || (select system_identifier from pg_control_system());
exception when insufficient_privilege then
  return place;
end
$$;

-- How much of a user waits to be carried.
alter table submission add column bytes integer not null default 0;
create index submission_open on submission (native, hash) include (bytes) where reason is null;

-- Links that were ended, as long as somebody could send one again that was signed before.
create table ended_link (
  account       bytea primary key check (length(account) = 20),
  signed_at_sec bigint not null,
  ended_at      timestamptz not null default now()
);

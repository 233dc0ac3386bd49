-- What outlives a name: where its history ends, and the last sequence that an owner's signature used.
-- Its row is also the lock of the name, which works before the name exists and for tens of thousands at once.
create table name_head (
  node     bytea primary key check (octet_length(node) = 32),
  number   integer not null default 0, -- of the last entry; 0: there is none yet
  hash     bytea check (octet_length(hash) = 32), -- of the last entry
  after    bytea check (octet_length(after) = 32), -- digest of the state that the last entry led to
  sequence bigint not null default 0,
  check ((number = 0) = (hash is null) and (number = 0) = (after is null))
) with (fillfactor = 80);

-- Every change of every name, for ever. One hash chain for each name; src/registry/history.ts draws an entry.
create table name_history (
  node   bytea not null,
  number integer not null check (number > 0),
  entry  jsonb not null,
  hash   bytea not null check (octet_length(hash) = 32),
  primary key (node, number)
);

create function refuse_change_of_history() returns trigger language plpgsql as $$
begin
  raise exception 'name_history is append-only';
end
$$;

create trigger name_history_is_append_only
  before update or delete or truncate on name_history
  for each statement execute function refuse_change_of_history();

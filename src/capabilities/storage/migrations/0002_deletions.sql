-- What its user deleted: nobody who sends it once more brings it back. Hashes alone: the id of a message, or that of a contact.
create table deletion (
  account    bigint not null,
  is_message boolean not null,
  key        bytea not null check (length(key) = 32),
  number     bigint generated always as identity,
  change     bigint not null,
  version    bigint not null,
  is_final   boolean not null, -- whether no version, however late, brings it back
  primary key (account, is_message, key)
);

create index deletion_change on deletion (account, change, number);
-- Of all accounts: numbers of changes are times.
create index deletion_age on deletion (change);

-- How many of them an account has, how many of its conversations are being deleted, and up to which number of change deletions are
-- forgotten. They stand in the row that is locked: what a change reads there is of the moment after the one before it.
alter table account
  add column deletions integer not null default 0 check (deletions >= 0),
  add column deleting integer not null default 0 check (deleting >= 0),
  add column forgotten bigint not null default 0;

-- While its messages are deleted, step by step: nobody finds it any more, and its contact may begin anew.
alter table conversation add column deleted_hash bytea check (length(deleted_hash) = 32);

create index conversation_deleted on conversation (account, number) where deleted_hash is not null;

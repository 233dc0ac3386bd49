-- breaking: an earlier version knows of no deletions, and would bring back what was deleted
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

-- Last, all of them together, and without reading a table: what locks out everybody is short.

-- How many of them an account has, how many of its conversations are being deleted, and up to which change and number deletions are
-- forgotten. They stand in the row that is locked: what a change reads there is of the moment after the one before it.
-- kept_from: nothing of the account changed before this number, so it has nothing to end before. A lower bound, by which those are
-- found in order that may have something. Whoever was looked at gets a higher one.
alter table account
  add column deletions integer not null default 0,
  add column deleting integer not null default 0,
  add column forgotten bigint not null default 0,
  add column forgotten_number bigint not null default 0,
  add column kept_from bigint not null default 0,
  add constraint account_deletions_check check (deletions >= 0) not valid,
  add constraint account_deleting_check check (deleting >= 0) not valid;

-- While its messages are deleted, step by step: nobody finds it any more, and its contact may begin anew.
alter table conversation
  add column deleted_hash bytea,
  add constraint conversation_deleted_hash_check check (length(deleted_hash) = 32) not valid;

-- Accounts by their addresses: names come and go. A row is locked by whatever changes what the account has, so its numbers are
-- given in the order of commits, and what it has is counted without looking at it.
create table account (
  address        bytea primary key check (length(address) = 20),
  number         bigint generated always as identity unique,
  name           text,
  profile        jsonb not null, -- {profile, signature}, as signed
  proven_key     text,           -- the signing key that last answered a challenge
  id_name        text,           -- what the ids of its messages are made of
  retention_days integer check (retention_days > 0),
  last_change    bigint not null default 0,
  conversations  integer not null default 0 check (conversations >= 0),
  messages       integer not null default 0 check (messages >= 0),
  bytes          bigint not null default 0 check (bytes >= 0),
  created_at     timestamptz not null default now()
) with (fillfactor = 70);

-- Accounts that are gone, until their rows are. No foreign keys: whatever writes rows has the account's row.
create table removed_account (
  number bigint primary key
);

-- Contacts are ciphertext of any length, so an index has their hashes. One that went into another one stays, without messages,
-- for whoever follows the changes.
create table conversation (
  number           bigint generated always as identity primary key,
  account          bigint not null,
  contact_hash     bytea not null check (length(contact_hash) = 32),
  contact          text not null,
  profile_location text not null default '',
  is_hidden        boolean not null default false,
  moved_to         text,
  messages         integer not null default 0 check (messages >= 0),
  updated          bigint not null, -- Unix milliseconds: made, or got its last message
  change           bigint not null,
  version          bigint not null,
  unique (account, contact_hash)
) with (fillfactor = 80);

create index conversation_listed on conversation (account, updated desc, number desc)
  where not is_hidden and moved_to is null;
create index conversation_change on conversation (account, change, number);

create table message (
  number       bigint generated always as identity,
  account      bigint not null,
  id           bytea not null check (length(id) = 32),
  conversation bigint not null,
  created      bigint not null, -- Unix milliseconds, by the client
  change       bigint not null,
  version      bigint not null,
  bytes        integer not null,
  is_halted    boolean not null,
  is_plain     boolean not null, -- of base64 alone: it stands in JSON as it is
  container    text not null,
  primary key (account, id)
);

create index message_newest on message (conversation, created desc, number desc) include (bytes);
create index message_change on message (account, change, number);
create index message_halted on message (account, number) where is_halted;

-- Ciphertext: there is nothing to compress.
alter table message alter column container set storage external;

create table used_challenge (
  id         text primary key,
  expires_at timestamptz not null
);

create index used_challenge_expires_at on used_challenge (expires_at);

-- The storage's own secrets, made at its first start.
create table own_secret (
  name           text primary key,
  value          bytea not null,
  value_data_key uuid generated always as (encode(substring(value from 2 for 16), 'hex')::uuid) stored
                 references data_key (id)
);

create index own_secret_data_key on own_secret (value_data_key, name);

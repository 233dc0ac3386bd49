-- Accounts by their addresses: names come and go. A row is locked by whatever changes its mailbox, so its numbers are given
-- in the order of commits, and what its mailbox holds is counted without looking at it.
create table account (
  address     bytea primary key check (length(address) = 20),
  name        text,
  profile     jsonb not null, -- {profile, signature}, as signed
  proven_key  text,           -- the signing key that last answered a challenge
  filters     jsonb not null default '{}',
  last_number bigint not null default 0,
  pushed      bigint not null default 0, -- up to which number live connections had everything
  messages    integer not null default 0 check (messages >= 0),
  bytes       bigint not null default 0 check (bytes >= 0),
  created_at  timestamptz not null default now()
) with (fillfactor = 70);

-- No foreign key: each statement that writes here has the account's row. A row outlives its body, so that the same envelope is
-- not kept again.
create table message (
  account       bytea not null,
  number        bigint not null,
  sender        bytea not null check (length(sender) = 20),
  sender_name   text not null,
  sender_domain text not null,
  claimed_hash  bytea not null check (length(claimed_hash) = 32),
  body_hash     bytea not null check (length(body_hash) = 32),
  state         text not null default 'accepted'
                check (state in ('accepted', 'injected', 'refused', 'expired', 'delivered')),
  bytes         integer not null,
  envelope      text,
  accepted_at   timestamptz not null default now(),
  ended_at      timestamptz,
  primary key (account, claimed_hash, sender, body_hash)
);

create unique index message_waiting on message (account, number) where envelope is not null;
create index message_accepted_at on message (accepted_at) where envelope is not null;
create index message_ended_at on message (ended_at) where envelope is null;

-- A base64 text of some kilobytes: pglz finds nothing in it, lz4 finds what stands in it twice.
do $$
begin
  alter table message alter column envelope set compression lz4;
exception when others then
  null; -- Postgres 13, or one without lz4
end $$;

-- How much of a mailbox one sender, or a domain with all below it ("*.example.eth"), has.
create table mailbox_share (
  account  bytea not null,
  holder   text not null,
  messages integer not null check (messages >= 0),
  primary key (account, holder)
) with (fillfactor = 70);

create table used_challenge (
  id         text primary key,
  expires_at timestamptz not null
);

create index used_challenge_expires_at on used_challenge (expires_at);

-- The node's own secrets, made at its first start.
create table node_secret (
  name             text primary key,
  value            bytea not null,
  value_data_key   uuid generated always as (encode(substring(value from 2 for 16), 'hex')::uuid) stored
                   references data_key (id)
);

create index node_secret_data_key on node_secret (value_data_key, name);

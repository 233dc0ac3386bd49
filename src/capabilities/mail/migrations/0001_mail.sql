-- An address of the network and the account of the relay node that belong to one user.
create table link (
  native        text primary key,
  account       bytea not null unique check (length(account) = 20),
  name          text not null,
  signed_at_sec bigint not null,
  linked_at     timestamptz not null default now()
);

-- Links that were ended, as long as somebody could send one again that was signed before.
create table ended_link (
  account       bytea primary key check (length(account) = 20),
  signed_at_sec bigint not null,
  ended_at      timestamptz not null default now()
);

-- What users submitted, until they know how it ended.
create table submission (
  native       text not null,
  hash         bytea not null check (length(hash) = 32),
  receiver     text not null,
  bytes        integer not null default 0,
  submitted_at timestamptz not null default now(),
  reason       text,
  sentence     text,
  primary key (native, hash)
);

create index submission_open on submission (native, hash) include (bytes) where reason is null;
create index submission_ended on submission (native) where reason is not null;
create index submission_submitted_at on submission (submitted_at);

-- Which process is the bridge now. It says so again and again; another one takes its place when it does not.
create table active_component (
  component text primary key,
  holder    uuid not null,
  until     timestamptz not null
);

-- Users of the network, whose DM3 keys are here. `secret` is the private key of a wallet, from which the others follow.
create table virtual_user (
  native          text primary key,
  wallet          bytea not null unique check (length(wallet) = 20),
  has_written     boolean not null default false, -- a message of theirs was kept
  secret          bytea not null,
  secret_data_key uuid generated always as (encode(substring(secret from 2 for 16), 'hex')::uuid) stored
                  references data_key (id),
  made_at         timestamptz not null default now()
);

create index virtual_user_secret_data_key on virtual_user (secret_data_key, native);

-- What was sent into the network: reports about it name the token.
create table sent_passage (
  token        text primary key,
  native       text not null,
  sender       text not null,
  hash         bytea not null check (length(hash) = 32),
  number       bigint not null,
  message_hash text not null,
  sent_at      timestamptz not null default now(),
  unique (native, number, hash)
);

create index sent_passage_sent_at on sent_passage (sent_at);

-- What came out of it: the same again is no new message.
create table received_passage (
  native      text not null,
  receiver    text not null,
  digest      bytea not null check (length(digest) = 32),
  first_ms    bigint not null,
  hash        bytea check (length(hash) = 32),
  head        text,
  is_kept     boolean not null default false,
  received_at timestamptz not null default now(),
  primary key (native, receiver, digest)
);

create unique index received_passage_hash on received_passage (hash) where hash is not null;
create index received_passage_received_at on received_passage (received_at);

-- DM3 users whose addresses hold a hash of their names.
create table long_name (
  local_part text primary key,
  name       text not null
);

-- Domains that signed mails of an address, beside its own.
create table signer_domain (
  native text not null,
  domain text not null,
  primary key (native, domain)
);

-- Who wants no mail from here, until they take it back.
create table opt_out (
  native   text primary key,
  since    timestamptz not null default now()
);

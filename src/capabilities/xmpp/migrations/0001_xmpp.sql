-- An address of the network and the account of the relay node that belong to one user.
create table link (
  native        text primary key,
  account       bytea not null unique check (length(account) = 20),
  name          text not null,
  signed_at_sec bigint not null,
  linked_at     timestamptz not null default now()
);

-- Which users watch which DM3 users: nobody else tells it again.
create table contact (
  native text not null,
  name   text not null,
  primary key (native, name)
);

-- What users submitted, until their clients know how it ended.
create table submission (
  native       text not null,
  hash         bytea not null check (length(hash) = 32),
  receiver     text not null,
  submitted_at timestamptz not null default now(),
  reason       text,
  sentence     text,
  primary key (native, hash)
);

create index submission_ended on submission (native) where reason is not null;
create index submission_submitted_at on submission (submitted_at);

-- Which process is the component now. It says so again and again; another one takes its place when it does not.
create table active_component (
  component text primary key,
  holder    uuid not null,
  until     timestamptz not null
);

-- Answers to DM3 users are caused by strangers: they count apart from what a user writes.
alter table submission add column is_answer boolean not null default false;

-- Each submission counts all that wait.
drop index submission_open;
create index submission_open on submission (native, hash) include (receiver, bytes, is_answer) where reason is null;

-- For whom long messages are kept, by their first pieces: one receiver takes room from nobody else.
create table kept_for (
  receiver   text not null,
  first      bytea not null check (length(first) = 32),
  bytes      bigint not null,
  kept_until timestamptz not null,
  primary key (receiver, first)
);

create index kept_for_kept_until on kept_for (kept_until);

-- When a certificate was said to be somebody's: a mail that comes late, or once more, does not bring an older one back.
alter table mail_certificate add column said_at timestamptz not null default now();
update mail_certificate set said_at = seen_at;

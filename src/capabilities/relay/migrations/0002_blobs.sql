-- Sealed blobs, known by the SHA-256 of their bytes. Whoever uploads the same bytes has a row of their own, so that nobody
-- takes another one's away. No foreign key to the account: a row ends by its time at the latest.
create table blob (
  id         bytea not null check (length(id) = 32),
  account    bytea not null check (length(account) = 20),
  content    bytea not null,
  expires_at timestamptz not null,
  primary key (id, account)
);

create index blob_expires_at on blob (expires_at);

-- Ciphertext: there is nothing to compress.
alter table blob alter column content set storage external;

-- How much an account has. Its row is locked by whatever changes its blobs; the account's own row stays free for messages.
create table blob_use (
  account bytea primary key,
  blobs   integer not null default 0 check (blobs >= 0),
  bytes   bigint not null default 0 check (bytes >= 0)
) with (fillfactor = 70);

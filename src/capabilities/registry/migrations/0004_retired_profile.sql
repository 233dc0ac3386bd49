-- A profile that was replaced or deleted under a name and must never come back there.
-- Does not reference name: it outlives the name, so that deleting and registering again opens no way back.
create table retired_profile (
  node                bytea not null check (octet_length(node) = 32),
  profile_fingerprint bytea not null check (octet_length(profile_fingerprint) = 32),
  retired_at          timestamptz not null default now(),
  primary key (node, profile_fingerprint)
);

-- A name under a domain with every record it answers with in one row, so that a lookup is one primary-key read.
create table name (
  node                bytea primary key check (octet_length(node) = 32), -- namehash of name
  name                text not null unique, -- ENSIP-15 normal form
  domain              text not null references domain (name),
  addresses           jsonb not null default '{}' check (jsonb_typeof(addresses) = 'object'), -- decimal coinType -> 0x hex
  texts               jsonb not null default '{}' check (jsonb_typeof(texts) = 'object'), -- key -> value
  contenthash         bytea,
  profile_fingerprint bytea check (octet_length(profile_fingerprint) = 32), -- null: no profile is published
  updated_at          timestamptz not null default now()
);

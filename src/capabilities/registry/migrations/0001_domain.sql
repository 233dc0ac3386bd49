-- An ENS name whose resolver is ours, owned by one service.
create table domain (
  name         text primary key, -- ENSIP-15 normal form
  api_key_hash bytea not null unique check (octet_length(api_key_hash) = 32), -- SHA-256; the key itself is stored nowhere
  created_at   timestamptz not null default now()
);

-- By whom gateways on this database have signed, so that a stranger is noticed: the fresh key of a misspelt setting, say. No older
-- process is broken: nothing that answers or writes reads it.
create table gateway_signer (
  address  bytea primary key check (octet_length(address) = 20),
  is_known boolean not null, -- the first one, one that a resolver takes, or one that the operator confirmed
  first_at timestamptz not null default now(),
  last_at  timestamptz not null default now()
);

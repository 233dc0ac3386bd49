-- A resolver (the contract) that answers for a domain. One resolver may serve several domains.
create table resolver (
  chain_id numeric(78, 0) not null check (chain_id >= 0), -- a uint256
  address  bytea not null check (octet_length(address) = 20),
  domain   text not null references domain (name),
  primary key (chain_id, address, domain)
);

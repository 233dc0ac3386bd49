-- At which resolvers a signer is known: at one that it was seen to be taken by, that it signed for first here, or that the operator
-- confirmed it for. Who is known at one is a stranger to the others. What was known before counts for each resolver served now.
-- No older process is broken: it takes whoever is known on the database for known everywhere.
create table resolver_signer (
  chain_id numeric(78, 0) not null, -- a uint256
  resolver bytea not null check (octet_length(resolver) = 20),
  signer   bytea not null references gateway_signer (address),
  is_known boolean not null, -- also false of one that the resolver was seen to refuse
  primary key (chain_id, resolver, signer)
);

insert into resolver_signer (chain_id, resolver, signer, is_known)
  select distinct r.chain_id, r.address, s.address, true from resolver r cross join gateway_signer s where s.is_known;

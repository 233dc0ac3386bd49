-- What a source is asked with: its password, for one. In a schema of its own, so that an installation without sources needs neither
-- the table of data keys nor the right to make one.
create table source_secret (
  source     bigint primary key, -- the id of a row of source, which lies in the registry's schema
  secret     bytea not null,
  secret_key uuid generated always as (encode(substring(secret from 2 for 16), 'hex')::uuid) stored
             references data_key (id)
);
create index on source_secret (secret_key, source);

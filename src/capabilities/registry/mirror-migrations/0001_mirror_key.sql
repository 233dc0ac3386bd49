-- The API keys with which primaries are followed. In a schema of its own, so that an installation without mirrors needs neither the
-- table of data keys nor the right to make one.
create table mirror_key (
  domain  text primary key, -- of a row of mirror, which lies in the registry's schema
  api_key bytea not null,
  api_key_key uuid generated always as (encode(substring(api_key from 2 for 16), 'hex')::uuid) stored
             references data_key (id)
);
create index on mirror_key (api_key_key, domain);

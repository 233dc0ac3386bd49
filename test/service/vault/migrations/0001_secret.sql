-- As docs/operations/secrets.md and src/db/sealing/sealedRows.ts say it.
create table secret (
  id        text primary key,
  value     bytea not null,
  value_key uuid generated always as (encode(substring(value from 2 for 16), 'hex')::uuid) stored
            references data_key (id)
);

create index on secret (value_key, id);

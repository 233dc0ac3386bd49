-- Random keys that seal secrets, each wrapped by a key of the operator. Columns of sealed values refer to it, so that
-- none goes while a value needs it.
create table data_key (
  id           uuid primary key,
  state        text not null check (state in ('current', 'full', 'retiring', 'left')), -- src/sealing/dataKeyStore.ts
  wrapping_key text not null, -- file:<fingerprint> or aws-kms:<ARN>
  wrapped      bytea not null,
  seals        bigint not null default 0 check (seals >= 0),
  created_at   timestamptz not null default now()
);

create unique index data_key_current on data_key (state) where state = 'current';

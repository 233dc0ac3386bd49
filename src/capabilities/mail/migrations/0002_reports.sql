-- The bridge's own OpenPGP key, which signs reports to mail users and opens nothing that the bridge carries. The highest number is in use.
create table own_key (
  number          bigint primary key,
  secret          bytea not null,
  secret_data_key uuid generated always as (encode(substring(secret from 2 for 16), 'hex')::uuid) stored
                  references data_key (id),
  made_at         timestamptz not null default now()
);

create index own_key_secret_data_key on own_key (secret_data_key, number);

-- Certificates of mail users, for reports to them that their mail did not arrive.
create table mail_certificate (
  native      text not null,
  given_by    text not null, -- the DM3 user whose app handed it over; empty: the mail user, by a proven mail
  certificate bytea not null check (length(certificate) <= 7600),
  seen_at     timestamptz not null default now(),
  primary key (native, given_by)
);

create index mail_certificate_seen_at on mail_certificate (seen_at);

-- Its author was told that it does not arrive.
alter table received_passage add column is_told boolean not null default false;

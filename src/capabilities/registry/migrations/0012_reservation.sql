-- A name that no wallet may take, or one only, until a time or for good.
create table reservation (
  name       text primary key, -- ENSIP-15 normal form, a full name
  domain     text not null references domain (name),
  wallet     bytea check (octet_length(wallet) = 20), -- null: none
  until      timestamptz, -- null: for good
  created_at timestamptz not null default now()
);
create index reservation_domain on reservation (domain, name collate "C");

-- Messages that a server sends (src/sending/outbox.ts). What is said is sealed and goes when the message is over; the rest is
-- what strangers may see as well: names, hashes, ciphertexts.
create table outgoing_message (
  id               text primary key,
  progress         text not null, -- OutgoingMessage without `given`, JSON
  given            bytea,         -- sealed; null when it is over
  given_data_key   uuid generated always as (encode(substring(given from 2 for 16), 'hex')::uuid) stored
                   references data_key (id),
  message_hash     text,
  created_ms       bigint not null,
  due_ms           bigint,        -- null when it is over
  fence            bigint not null default 0,
  leased_until     timestamptz not null default '-infinity'
) with (fillfactor = 80);

create index outgoing_message_due on outgoing_message (due_ms) where due_ms is not null;
create index outgoing_message_hash on outgoing_message (message_hash) where message_hash is not null;
create index outgoing_message_over on outgoing_message (created_ms) where due_ms is null;
create index outgoing_message_data_key on outgoing_message (given_data_key, id);

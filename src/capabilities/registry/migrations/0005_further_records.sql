-- Every other record that ENS resolvers know, in the same row: a lookup stays one primary-key read.
-- Nothing is rewritten and nothing scanned, so lookups do not wait: the defaults are constants, and "not valid" spares
-- the check of rows that hold nothing but these defaults. Whatever is written from now on is checked.
alter table name
  add column name_record text, -- ENSIP-3: the name that a reverse node stands for; null: none
  add column pubkey      bytea, -- EIP-619: x and y; null: none
  add column abis        jsonb not null default '{}', -- ENSIP-4: decimal content type -> 0x hex
  add column data        jsonb not null default '{}', -- ENSIP-24: key -> 0x hex
  add column interfaces  jsonb not null default '{}', -- ENSIP-8: 0x interface id -> 0x address
  add constraint name_pubkey_check     check (octet_length(pubkey) = 64) not valid,
  add constraint name_abis_check       check (jsonb_typeof(abis) = 'object') not valid,
  add constraint name_data_check       check (jsonb_typeof(data) = 'object') not valid,
  add constraint name_interfaces_check check (jsonb_typeof(interfaces) = 'object') not valid;

-- What owners signed away (src/registry/signatureMarks.ts), and whether a profile was retired under any name.
-- Constants as defaults: nothing is rewritten.
alter table name_head
  add column given_up_by bytea[] not null default '{}', -- wallets that moved or deleted the name by a signature
  add column is_gift     boolean not null default false; -- it was moved to a wallet that has not signed for it since
create index retired_profile_fingerprint on retired_profile (profile_fingerprint);

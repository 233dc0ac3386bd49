-- Nothing of the account changed before this number, so it has nothing to end before: a lower bound, by which those are found in
-- order that may have something. Whoever was looked at gets a higher one.
alter table account add column kept_from bigint not null default 0;

create index account_kept_from on account (kept_from);
-- When what it has may end by its user's own wish: numbers of changes are times in milliseconds.
create index account_ends on account ((kept_from + 86400000 * retention_days::bigint)) where retention_days is not null;
create index account_unproven on account (created_at) where proven_key is null;

create index conversation_empty on conversation (account, change) where messages = 0 and deleted_hash is null;

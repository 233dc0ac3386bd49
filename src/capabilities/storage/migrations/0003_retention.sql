-- Indexes alone: whoever reads goes on while they are made, and whoever writes waits.
create index conversation_deleted on conversation (account, number) where deleted_hash is not null;
create index conversation_empty on conversation (account, change) where messages = 0 and deleted_hash is null;

create index account_kept_from on account (kept_from);
-- When what it has may end by its user's own wish: numbers of changes are times in milliseconds.
create index account_ends on account ((kept_from + 86400000 * retention_days::bigint)) where retention_days is not null;
create index account_unproven on account (created_at) where proven_key is null;

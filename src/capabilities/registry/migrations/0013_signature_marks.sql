-- Beside the sequence: what keeps messages without one in order, and contract wallets on their chain
-- (src/registry/signatureMarks.ts). A constant as the default: nothing is rewritten.
alter table name_head
  add column writes_after_sec bigint not null default 0, -- a writer's message has to expire later; Unix time
  add column owner_chain      bigint; -- the chain on which a contract wallet owns the name; null: none did

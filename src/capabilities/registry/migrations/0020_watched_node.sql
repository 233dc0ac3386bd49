-- Relay nodes that are registered under names, and what watching them found. No older process is broken: it watches none.
-- While the index is built lookups go on and only writers wait.
create index name_relay_node on name (node) where texts ? 'network.dm3.deliveryService';

-- By the name, so that a node that changes its keys keeps its history. Does not reference name: one that is registered again a
-- while later is the same node.
create table watched_node (
  node        bytea primary key check (octet_length(node) = 32), -- namehash of name
  name        text not null, -- ENSIP-15 normal form
  version     bigint not null, -- of the name, when its turn came
  taken_at    timestamptz not null, -- when its turn came, for one of the processes
  owner       text, -- of the name when it was checked, EIP-55; null: it is its service's own
  url         text,
  listed      boolean not null default false,
  state       text check (state in ('works', 'unreachable', 'wrong', 'unproven')), -- null: not checked yet
  reason      text,
  since_at    timestamptz,
  good_checks integer not null default 0, -- in a row
  checked_at  timestamptz
);
create index watched_node_listed on watched_node (name collate "C") where listed;

-- Changes of the state.
create table watched_node_change (
  node   bytea not null references watched_node (node) on delete cascade,
  at     timestamptz not null,
  state  text not null,
  reason text,
  primary key (node, at)
);

-- How many checks of a day, in UTC, were good.
create table watched_node_day (
  node   bytea not null references watched_node (node) on delete cascade,
  day    date not null,
  checks integer not null,
  good   integer not null,
  primary key (node, day)
);

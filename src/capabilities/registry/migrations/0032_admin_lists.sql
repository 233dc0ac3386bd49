-- For a domain's own lists, page by page: its relay nodes and its networks by their names, and what is wrong with rows of its source.
-- No older process is broken. While the first two are built lookups go on and only writers wait.
create index name_relay_node_named on name (domain, name collate "C")
  where texts ? 'network.dm3.deliveryService' and suspended_at is null;
create index name_network_named on name (domain, name collate "C")
  where texts ? 'network.dm3.network' and suspended_at is null;
create index source_problem_in_order on source_problem (source, name collate "C", kind collate "C");

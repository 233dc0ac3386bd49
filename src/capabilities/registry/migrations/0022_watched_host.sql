-- How many relay nodes of a domain are watched, and how many of them at one host, so that nobody has us ask a server of somebody
-- else without end. No older process is broken: it knows no such bound.
alter table watched_node add column host text; -- of the URL that is asked; null: none is

-- While it is built lookups go on and only writers wait.
create index name_relay_node_of_domain on name (domain, node) where texts ? 'network.dm3.deliveryService';
create index watched_node_host on watched_node (host) where host is not null;

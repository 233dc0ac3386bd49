-- For lists of a domain's names by prefix, and for the names of a wallet. Before every other change of the table name:
-- while an index is built lookups go on and only writers wait, but they would wait as well behind an "alter table".
create index name_domain_name on name (domain, name collate "C");
create index name_owner on name ((addresses ->> '60')) where addresses ->> '60' is not null;

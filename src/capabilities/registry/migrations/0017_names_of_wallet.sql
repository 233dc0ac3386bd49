-- For lists of a wallet's names in a domain, in the order of their text, without sorting all of them for each page. In the
-- place of the index of owners alone, whose questions it answers as well: processes of earlier versions go on.
create index name_owner_domain_name on name ((addresses ->> '60'), domain, name collate "C")
  where addresses ->> '60' is not null;
drop index name_owner;

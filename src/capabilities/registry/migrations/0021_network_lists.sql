-- For public lists of messaging gateways and bridges: all of them, and those of one native domain. That is cut out of the
-- record's text, which is written here alone and escapes quotes: a cast to JSON could fail on a row, and with it the write.
create index name_network on name (name collate "C")
  where texts ? 'network.dm3.network' and suspended_at is null;
create index name_network_domain on name ((substring(texts ->> 'network.dm3.network' from '"nativeDomain":"([^"]*)"')), name collate "C")
  where texts ? 'network.dm3.network' and suspended_at is null;

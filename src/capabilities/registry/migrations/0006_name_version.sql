-- What a name holds, as a number that only this content ever has: a reader that remembers the version knows whether
-- what it remembers still counts, even if the name was deleted and made again. From one sequence for all names.
create sequence name_version;
alter table name
  add column version bigint not null default 0;

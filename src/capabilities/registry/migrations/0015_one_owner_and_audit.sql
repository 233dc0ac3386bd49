-- What `signpost history verify` could not see. No older process is broken: what it writes passes the checks, and the
-- trigger does the rest for it.

-- An entry lies under its own number. Otherwise a number that was changed by hand would be in the way of a later entry.
-- "not valid": nothing is scanned; whatever is written from now on is checked.
alter table name_history
  add constraint name_history_own_number check (number = (entry ->> 'number')::integer) not valid;

-- The version of the row that the last entry led to. Null: the last entry is older than this, or the name is gone.
alter table name_head add column version bigint;

create function keep_version_of_name() returns trigger language plpgsql as $$
begin
  new.version := (select n.version from name n where n.node = new.node);
  return new;
end
$$;

create trigger name_head_keeps_version
  before update on name_head
  for each row when (new.number is distinct from old.number) execute function keep_version_of_name();

-- dm3's clients fold names by nameprep (RFC 3491). Of the characters that names hold it changes these two, so names that
-- are one name to those clients are found by the names that have them (src/db/twins.ts).
create index name_dm3_form on name ((replace(replace(name, 'ß', 'ss'), 'ς', 'σ')))
  where name like '%ß%' or name like '%ς%';
create index reservation_dm3_form on reservation ((replace(replace(name, 'ß', 'ss'), 'ς', 'σ')))
  where name like '%ß%' or name like '%ς%';

-- Of a table that it has never looked at, Postgres supposes some pages, and takes the indexes; of one that has fewer it reads all,
-- and a connection goes on with that plan until it looks again, a minute later, however much came meanwhile. So it looks first when
-- there is enough to be looked at. A table that the operator has divided has its parameters in its parts.
do $$
declare
  name text;
begin
  foreach name in array array['account', 'message', 'mailbox_share'] loop
    if (select relkind from pg_class where oid = name::regclass) = 'r' then
      execute format('alter table %I set (autovacuum_analyze_threshold = 2000, autovacuum_vacuum_threshold = 2000)', name);
    end if;
  end loop;
end $$;

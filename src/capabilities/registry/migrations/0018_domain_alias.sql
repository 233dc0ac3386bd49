-- Further names of a domain, under which its names are answered for as well. No older process is broken: it answers for
-- none of them, and may still write names below one, so add aliases when all processes are of this version.
create table domain_alias (
  alias      text primary key,
  domain     text not null references domain (name) on delete cascade, -- an older `domain remove` knows no aliases
  created_at timestamptz not null default now()
);

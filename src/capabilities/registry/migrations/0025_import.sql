-- What imports leave behind. No older process is broken: none of this is read by what answers or writes.

-- Names of nodes that have marks of a source alone: no row and no history says them, and the next export has to.
create table imported_node (
  node bytea primary key check (octet_length(node) = 32),
  name text not null
);

-- How far an import has come, by the export that it reads: `signpost import --resume` goes on behind that.
create table import_progress (
  domain      text primary key references domain (name) on delete cascade,
  sha256      bytea not null check (octet_length(sha256) = 32), -- of the export, as its end line says
  byte_offset bigint not null,
  line        bigint not null, -- the number of the line that begins there
  outcomes    jsonb not null
);

-- Domains of other installations that are followed here. Such a domain is frozen; what its primary has is taken in by the one
-- process that has the lease. Older processes take it for a frozen domain, and do not follow.
create table mirror (
  domain       text primary key references domain (name) on delete cascade,
  primary_url  text not null, -- the service that is followed
  network      text, -- the private network that it lies in; null: it has a public address
  cursor       text, -- how far its feed was read; null: it begins anew
  gone_after   text, -- how far the list of names that are gone was read, as a node in hex; null: not at all
  is_gone_read boolean not null default false, -- whether that list was read to its end since the feed began
  added_at     timestamptz not null default now(),
  copied_at    timestamptz, -- when everything had come for the first time
  caught_up_at timestamptz, -- what the primary had then is here
  heard_at     timestamptz, -- when it answered last
  reservations text, -- of the domain's: what the primary said last; another text means others
  notes        text[] not null default '{}', -- of the domain's facts: what is not taken over
  failures     integer not null default 0, -- since it answered last
  failure      text, -- the last one
  lease_token  uuid, -- of the process that follows; whoever has another one writes nothing
  lease_until  timestamptz
);

-- Names that are not here as the primary has them, and why. They are tried again.
create table mirror_problem (
  domain   text not null references mirror (domain) on delete cascade,
  node     bytea not null check (octet_length(node) = 32),
  name     text, -- null where the primary did not say it
  outcome  text not null check (outcome in ('refused', 'conflict', 'kept')),
  reason   text not null,
  tried_at timestamptz not null default now(),
  primary key (domain, node)
);
create index mirror_problem_tried on mirror_problem (domain, tried_at);

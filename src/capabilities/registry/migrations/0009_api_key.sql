-- The keys of a domain's service: several, each with what it may do. The one key that a domain had becomes its first.
create table api_key (
  id                 bigint primary key generated always as identity,
  domain             text not null references domain (name),
  hash               bytea not null unique check (octet_length(hash) = 32), -- SHA-256; the key itself is stored nowhere
  label              text not null,
  scopes             text[] not null,
  changes_per_minute integer not null check (changes_per_minute > 0),
  changes_per_day    integer not null check (changes_per_day > 0),
  created_at         timestamptz not null default now(),
  last_used_at       timestamptz, -- at most one minute late
  revoked_at         timestamptz -- kept, because the history names keys by their id
);
create index api_key_domain on api_key (domain);
insert into api_key (domain, hash, label, scopes, changes_per_minute, changes_per_day, created_at)
  select name, api_key_hash, 'first key', '{names:read,names:write,profiles:write,domain:admin}', 60000, 5000000, created_at
  from domain
  order by created_at, name;
alter table domain drop column api_key_hash;

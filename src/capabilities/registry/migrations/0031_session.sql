-- Sessions: API keys that a domain's owner gets by a signature, and that end by themselves. No older process is broken: the key of a
-- session has a form that it refuses. Its row goes when a later session of the domain begins: not before its signature is worth nothing, and 90 days later if it was used.
alter table api_key
  add column expires_at     timestamptz, -- null: it does not end by itself
  add column wallet         bytea check (octet_length(wallet) = 20), -- that signed in; it has to be the domain's owner while the session goes on
  add column session_digest bytea unique check (octet_length(session_digest) = 32), -- what it signed, which opens no other session
  add constraint api_key_session_check check (num_nonnulls(expires_at, wallet, session_digest) in (0, 3));

-- pages of a domain's keys
create index api_key_domain_id on api_key (domain, id);
drop index api_key_domain;

-- A switch of this installation: in no export, and of no primary.
alter table domain add column owner_signs_in boolean not null default false;

-- Whoever is the owner again later gets no old session back. A trigger, because owners come by commands, imports and mirrors, and from
-- processes that know no sessions.
create function end_sessions() returns trigger language plpgsql security definer set search_path from current as $$
begin
  update api_key set revoked_at = now()
  where domain = new.name and expires_at > now() and revoked_at is null;
  return null;
end $$;
create trigger domain_owner_ends_sessions
  after update of owner, owner_signs_in on domain for each row
  when (old.owner is distinct from new.owner or not new.owner_signs_in)
  execute function end_sessions();

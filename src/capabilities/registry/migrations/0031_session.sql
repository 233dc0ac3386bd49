-- Sessions: API keys that a domain's owner gets by a signature, and that end by themselves. No older process is broken: the key of a
-- session has a form that it refuses. Its row goes when a later session of the domain begins: not before its signature is worth nothing.
alter table api_key
  add column expires_at     timestamptz, -- null: it does not end by itself
  add column wallet         bytea check (octet_length(wallet) = 20), -- that signed in; it has to be the domain's owner while the session goes on
  add column session_digest bytea unique check (octet_length(session_digest) = 32), -- what it signed, which opens no other session
  add constraint api_key_session_check check (num_nonnulls(expires_at, wallet, session_digest) in (0, 3));

-- pages of a domain's keys
create index api_key_domain_id on api_key (domain, id);
drop index api_key_domain;

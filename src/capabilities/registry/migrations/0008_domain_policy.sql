-- Who may publish under a domain.
alter table domain
  add column owner           bytea check (octet_length(owner) = 20), -- the wallet of the service, if it named one
  add column claims          text not null default 'service' check (claims in ('service', 'wallets')), -- who takes free labels
  add column address_names   boolean not null default false, -- a wallet may take 0x<its address>.<domain>
  add column aliases         boolean not null default true, -- a wallet may take more than one name
  add column reserved_labels text[] not null default '{}';

-- Whether a name is held by its owner, and whether it is suspended: a suspended name is answered like an absent one.
-- Constants as defaults, and checks "not valid": nothing is rewritten, and nothing scanned.
alter table name
  add column held             boolean not null default false, -- the owner signed: the service cannot change it any more
  add column suspended_at     timestamptz,
  add column suspended_by     text,
  add column suspended_reason text,
  add constraint name_suspension_check check (
    (suspended_at is null) = (suspended_by is null)
    and (suspended_at is null) = (suspended_reason is null)
    and (suspended_by is null or suspended_by in ('service', 'admin'))
  ) not valid;

-- A domain that takes no changes here, because it is moving to another installation, or has moved. Lookups go on. Older processes do
-- not know it and would go on writing, so freeze domains when all processes are of this version.
alter table domain
  add column frozen    boolean not null default false,
  add column frozen_to text, -- where it is written now, a URL; null where that is not known, and of one that is not frozen
  add constraint domain_frozen_check check (frozen or frozen_to is null);

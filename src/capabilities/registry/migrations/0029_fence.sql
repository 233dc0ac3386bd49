-- Which mirror froze its old primary to take over, so that another one with the same URL does not take over as well. Older processes
-- know neither: with one of them a promotion counts as one that was made by hand.
alter table domain
  add column fenced_by uuid; -- the mirror's `promoter`; null where it was frozen by hand, and without meaning where it is not frozen
alter table mirror
  add column promoter uuid not null default gen_random_uuid(), -- of this mirror alone
  add column promoting_to text; -- by this URL a promotion asked the primary to send writers here, and has not ended; null: none has

-- Writers were sent to private networks.
update domain set frozen_to = null from mirror
  where mirror.domain = domain.name and mirror.network is not null and frozen_to = primary_url;

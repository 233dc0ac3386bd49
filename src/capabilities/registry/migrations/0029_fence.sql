-- Which mirror froze its old primary to take over, so that another one with the same URL does not take over as well. Older processes
-- know none of it: they freeze for any mirror, so no mirror is promoted before all processes of its primary are of this version.
alter table domain
  add column fenced_by uuid; -- the mirror's `promoter`, also of the domain's own mirror; null where it was frozen by hand, and without meaning where it is not frozen
alter table mirror
  add column promoter uuid not null default gen_random_uuid(), -- of this mirror alone
  add column promoting_to text, -- by this URL a promotion asked the primary to send writers here, and has not ended; null: none has
  add column promoting_by uuid; -- the lease of the process that asked; whoever has another one follows, and does not promote

-- Writers were sent to private networks. Where nothing follows any more, the domain stays as it is.
update domain set fenced_by = promoter,
    frozen_to = case when network is null then frozen_to else nullif(frozen_to, primary_url) end
  from mirror where mirror.domain = domain.name;

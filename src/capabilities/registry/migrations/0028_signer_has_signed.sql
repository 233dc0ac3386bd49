-- Whether a signer has signed on this database, or was only confirmed by the operator: who was confirmed before the first start is not
-- the first signer. No older process is broken; whom it confirms counts as having signed.
alter table gateway_signer add column has_signed boolean not null default true;

-- How much of a mailbox a holder has in bytes: a few long messages fill it as well as many short ones. Those that wait already
-- are not looked at; they count for nothing here, and end.
alter table mailbox_share add column bytes bigint not null default 0 check (bytes >= 0);

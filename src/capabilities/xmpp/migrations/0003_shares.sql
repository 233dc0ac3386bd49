-- Answers to DM3 users are caused by strangers: they count apart from what a user writes. Only bridges write them.
alter table submission add column is_answer boolean not null default false;

-- Each submission counts all that wait.
drop index submission_open;
create index submission_open on submission (native, hash) include (receiver, bytes, is_answer) where reason is null;

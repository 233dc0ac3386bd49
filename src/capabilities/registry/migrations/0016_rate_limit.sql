-- What was used of limits, counted for all processes together (src/db/sharedLimits.ts; the form is the library's). Rows
-- are removed an hour after their period. Unlogged: after a crash counting begins anew, and standbys do not have it.
create unlogged table rate_limit (
  key    varchar(255) primary key,
  points integer not null default 0,
  expire bigint -- Unix time in milliseconds
);

create table counted (number integer not null)

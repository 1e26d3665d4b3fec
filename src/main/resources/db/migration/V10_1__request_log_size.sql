-- What a row takes, as the gateway reckons it: its texts, and a share for numbers and indexes. Rows of before are taken for
-- short ones.
alter table request_log add column bytes bigint not null default 600;

-- One row: the sum of all, kept in the transactions that write and delete them, so that nobody has to read them all.
create table request_log_size (
    id integer primary key,
    row_count bigint not null,
    bytes bigint not null
);

insert into request_log_size (id, row_count, bytes) select 1, count(*), 600 * count(*) from request_log;

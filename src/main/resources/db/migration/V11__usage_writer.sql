-- Which batch of bills each process has written last: one whose end it did not hear of is not written twice.
create table usage_writer (
    id text primary key,
    batch bigint not null,
    -- Unix seconds.
    written_at bigint not null
);

-- One row a call. The id is when the call ended, in microseconds since 1970, times 4096, and a number: rows come in their
-- order, a range of time is a range of ids, and a page goes on below the last id of the one before.
create table request_log (
    id ${bigid} primary key,
    request_id text not null,
    -- Milliseconds since 1970.
    received_at bigint not null,
    environment text,
    key_name text,
    team text,
    user_name text,
    session text,
    dialect text not null,
    operation text not null,
    model text,
    stream integer not null,
    provider text,
    upstream_model text,
    deployment text,
    attempts integer not null,
    status integer not null,
    error_type text,
    message text,
    finish_reason text,
    prompt_tokens bigint,
    completion_tokens bigint,
    cached_tokens bigint,
    cache_write_tokens bigint,
    reasoning_tokens bigint,
    cost_nano_usd bigint,
    cache text,
    client_gone integer not null,
    -- Microseconds since the call was received; null: it did not come so far. Those of the provider are of the attempt
    -- that served.
    read_us bigint,
    admitted_us bigint,
    connecting_us bigint,
    connected_us bigint,
    new_connection integer,
    sent_us bigint,
    headers_us bigint,
    first_token_us bigint,
    last_token_us bigint,
    first_byte_us bigint,
    total_us bigint not null,
    overhead_us bigint,
    upstream_us bigint not null,
    -- JSON: the attempts, when there is more to tell of them than the columns above hold.
    story text,
    -- Only where mehari.content says so.
    request_body text,
    response_body text
);

create index request_log_request on request_log (request_id);
create index request_log_model on request_log (model, id);
create index request_log_provider on request_log (provider, id);
create index request_log_key on request_log (key_name, id) where key_name is not null;
create index request_log_team on request_log (team, id) where team is not null;
create index request_log_user on request_log (user_name, id) where user_name is not null;
create index request_log_session on request_log (session, id) where session is not null;
create index request_log_error on request_log (error_type, id) where error_type is not null;
create index request_log_status on request_log (status, id) where status <> 200;

-- Sums for charts: a row for each minute and each hour, for each provider and model and for each key.
create table request_rollup (
    -- Seconds: 60 or 3600.
    span integer not null,
    -- Seconds since 1970.
    start_at bigint not null,
    -- Several gateways write here; each has rows of its own.
    replica text not null,
    -- 'model': provider and model; 'key': the key as provider, and its team as model. Empty: none.
    dimension text not null,
    first_name text not null,
    second_name text not null,
    requests bigint not null,
    errors bigint not null,
    cache_hits bigint not null,
    prompt_tokens bigint not null,
    completion_tokens bigint not null,
    cached_tokens bigint not null,
    cost_nano_usd bigint not null,
    -- Output tokens of streams, and the time they took.
    streamed_tokens bigint not null,
    streamed_us bigint not null,
    -- How many calls took how long: number of the bucket, colon, count; parted by commas. TimeBuckets.java
    total_times text not null,
    first_token_times text not null,
    overhead_times text not null,
    primary key (span, start_at, dimension, first_name, second_name, replica)
);

-- What was used in a day (UTC) with a key, for a team, of one model at one provider. Money in nano-dollars.
create table usage_day (
    day text not null,
    key_id text not null,
    -- Empty: the key belonged to none then.
    team text not null,
    provider text not null,
    model text not null,
    requests bigint not null,
    failed bigint not null,
    recalled bigint not null,
    prompt_tokens bigint not null,
    completion_tokens bigint not null,
    cached_tokens bigint not null,
    cache_write_tokens bigint not null,
    reasoning_tokens bigint not null,
    cost_nanos bigint not null,
    -- How many of the requests have a cost that is not known, or is known by an estimate only.
    unpriced bigint not null,
    estimated bigint not null,
    primary key (day, key_id, team, provider, model)
);

create index usage_day_key on usage_day (key_id, day);
create index usage_day_team on usage_day (team, day);

create table conversation_response (
    id text primary key,
    owner text not null,
    previous_id text,
    created_at bigint not null,
    expires_at bigint not null,
    -- The provider that keeps it too, under the same id; null when only we do.
    provider text,
    model text not null,
    input text not null,
    response text not null
);

create index conversation_response_expiry on conversation_response (expires_at);

-- Where an item is that a later request refers to by its id.
create table conversation_item (
    owner text not null,
    id text not null,
    response_id text not null references conversation_response (id) on delete cascade,
    primary key (owner, id)
);

create index conversation_item_response on conversation_item (response_id);

-- A key is mh-<id>-<secret>. Of the secret only its SHA-256 is kept, as lower-case hexadecimal.
create table client_key (
    id text primary key,
    secret_hash text not null,
    -- After a rotation the secret before it still opens, until then (Unix seconds).
    previous_hash text,
    previous_until bigint,
    created_at bigint not null,
    revoked_at bigint,
    -- The operator's wishes, as the admin API takes them.
    name text,
    team text,
    settings text not null
);

create index client_key_team on client_key (team);

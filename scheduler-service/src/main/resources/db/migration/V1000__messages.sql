-- A message from its creation to its end. Its next timer (staging, or staging again) is the row of the same id in timer.
CREATE TABLE message (
    id                 uuid        PRIMARY KEY,
    tenant             text        NOT NULL,
    status             text        NOT NULL CHECK (status IN ('scheduled', 'staged', 'delivering', 'held', 'recalling',
                                                              'delivered', 'failed', 'expired', 'cancelled')),
    -- What the client sees in the ETag: its own changes.
    revision           integer     NOT NULL,
    -- What events carry: every change.
    version            bigint      NOT NULL,
    generation         integer     NOT NULL,
    channel            text        NOT NULL,
    recipient          text        NOT NULL,
    content            text        NOT NULL,
    due_at             timestamptz NOT NULL,
    local_due_at       timestamp   NOT NULL,
    zone               text        NOT NULL,
    tzdb_version       text        NOT NULL,
    expires_at         timestamptz,
    ordering_key       text,
    on_failure         text,
    metadata           text,
    source_type        text        NOT NULL,
    source_id          text        NOT NULL,
    traceparent        text,
    tracestate         text,
    created_at         timestamptz NOT NULL,
    staged_at          timestamptz,
    stagings           integer     NOT NULL DEFAULT 0,
    delivery_version   bigint      NOT NULL DEFAULT 0,
    delivery_id        uuid,
    accepted_at        timestamptz,
    attempts           integer     NOT NULL DEFAULT 0,
    possibly_delivered boolean     NOT NULL DEFAULT false,
    fired_at           timestamptz,
    next_attempt_at    timestamptz,
    delivered_at       timestamptz,
    ended_at           timestamptz,
    error              text
);
CREATE INDEX message_of_tenant ON message (tenant, id);

CREATE TABLE api_key (
    id         uuid        PRIMARY KEY,
    tenant     text        NOT NULL,
    name       text        NOT NULL,
    hash       text        NOT NULL UNIQUE,
    scopes     text        NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    revoked_at timestamptz,
    version    bigint      NOT NULL
);
CREATE INDEX api_key_of_tenant ON api_key (tenant, id);

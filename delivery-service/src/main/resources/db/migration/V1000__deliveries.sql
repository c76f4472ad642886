-- One staging of a message, from its acceptance to its end. Its next timer (attempt, or the deadline of a call) is the row of the same id in
-- timer. A recall that finds no row leaves one with the status recalled: the staging that comes after it then changes nothing.
CREATE TABLE delivery (
    id                 uuid        PRIMARY KEY,
    tenant             text        NOT NULL,
    message_id         uuid        NOT NULL,
    generation         integer     NOT NULL,
    status             text        NOT NULL CHECK (status IN ('pending', 'in-flight', 'waiting', 'held', 'delivered', 'dead', 'expired',
                                                              'recalled')),
    version            bigint      NOT NULL,
    channel            text        NOT NULL,
    destination        text        NOT NULL,
    content            text        NOT NULL,
    due_at             timestamptz NOT NULL,
    expires_at         timestamptz,
    ordering_key       text,
    attempts           integer     NOT NULL DEFAULT 0,
    attempt_at         timestamptz NOT NULL,
    possibly_delivered boolean     NOT NULL DEFAULT false,
    fired_at           timestamptz,
    ended_at           timestamptz,
    error              text,
    traceparent        text,
    tracestate         text,
    created_at         timestamptz NOT NULL,
    UNIQUE (message_id, generation)
);
CREATE INDEX delivery_of_tenant ON delivery (tenant, id);
CREATE INDEX delivery_open_of_key ON delivery (tenant, ordering_key, due_at, id)
    WHERE ordering_key IS NOT NULL AND status IN ('pending', 'waiting', 'in-flight');

-- One call to a provider. outcome is null while it is open; unknown when whoever made it did not live to record it.
CREATE TABLE attempt (
    delivery_id      uuid        NOT NULL REFERENCES delivery (id),
    number           integer     NOT NULL,
    started_at       timestamptz NOT NULL,
    duration_micros  bigint,
    outcome          text        CHECK (outcome IN ('delivered', 'transient', 'permanent', 'unknown')),
    reason           text,
    provider_status  integer,
    error            text,
    response_excerpt text,
    next_attempt_at  timestamptz,
    trace_id         text,
    PRIMARY KEY (delivery_id, number)
);

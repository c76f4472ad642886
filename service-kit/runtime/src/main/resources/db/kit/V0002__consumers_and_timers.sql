-- What this service has consumed: one row for each event and consumer, written in the transaction of its effect.
CREATE TABLE inbox (
    consumer    text        NOT NULL,
    event_id    uuid        NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (consumer, event_id)
);

-- A timer is one narrow row until it has fired; what it means is kept elsewhere. claimed_by is a node's lease, see timer_node.
-- Every arming has a version that none had before: what a node remembers of a timer that was removed and armed again fires nothing.
CREATE SEQUENCE timer_version;
CREATE TABLE timer (
    kind       text        NOT NULL,
    id         uuid        NOT NULL,
    due_at     timestamptz NOT NULL,
    version    bigint      NOT NULL DEFAULT nextval('timer_version'),
    claimed_by bigint,
    PRIMARY KEY (kind, id)
);
CREATE INDEX timer_due ON timer (kind, due_at);

-- The lease of a node over all timers that it has claimed: renewing it is one row, however many timers are held.
-- Every registration takes a new id, so that the id is the fencing token of everything claimed under it.
CREATE TABLE timer_node (
    id         bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    name       text        NOT NULL,
    expires_at timestamptz NOT NULL
);

-- The HTTP Idempotency-Key, with what the first answer was about.
CREATE TABLE idempotency_key (
    tenant      text        NOT NULL,
    path        text        NOT NULL,
    key         text        NOT NULL,
    fingerprint bytea       NOT NULL,
    status      smallint    NOT NULL,
    resource_id uuid        NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (tenant, path, key)
);
CREATE INDEX idempotency_key_created ON idempotency_key (created_at);

-- The transactional outbox. A service appends in its own transactions; the relay publishes to Kafka and deletes what was acknowledged.
-- seq is the order of one key's events, because a writer locks its aggregate before it appends; it is not the order of commits.
CREATE TABLE outbox_event (
    lane        smallint    NOT NULL,
    seq         bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    event_id    uuid        NOT NULL,
    topic       text        NOT NULL,
    record_key  text        NOT NULL,
    type        text        NOT NULL,
    source      text        NOT NULL,
    subject     text        NOT NULL,
    tenant      text        NOT NULL,
    version     bigint      NOT NULL,
    occurred_at timestamptz NOT NULL,
    traceparent text,
    tracestate  text,
    payload     bytea       NOT NULL,
    PRIMARY KEY (lane, seq)
);

-- Who publishes a lane, until when by this database's clock; epoch grows with every change of owner and fences the former one.
CREATE TABLE outbox_lane (
    lane       smallint    PRIMARY KEY,
    owner      text,
    epoch      bigint      NOT NULL DEFAULT 0,
    expires_at timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO outbox_lane (lane) SELECT generate_series(0, 63);

-- Events that the broker refused, and later ones of the same key, until an operator decides.
CREATE TABLE outbox_parked (
    id          bigint      PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    lane        smallint    NOT NULL,
    seq         bigint      NOT NULL,
    event_id    uuid        NOT NULL,
    topic       text        NOT NULL,
    record_key  text        NOT NULL,
    type        text        NOT NULL,
    source      text        NOT NULL,
    subject     text        NOT NULL,
    tenant      text        NOT NULL,
    version     bigint      NOT NULL,
    occurred_at timestamptz NOT NULL,
    traceparent text,
    tracestate  text,
    payload     bytea       NOT NULL,
    error       text        NOT NULL,
    parked_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX outbox_parked_key ON outbox_parked (lane, record_key);

-- The one row that an operator's pause is kept in.
CREATE TABLE outbox_source (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    paused boolean NOT NULL DEFAULT false
);
INSERT INTO outbox_source DEFAULT VALUES;

GRANT USAGE ON SCHEMA public TO "${relayRole}";
GRANT SELECT, DELETE ON outbox_event TO "${relayRole}";
GRANT SELECT, UPDATE ON outbox_lane, outbox_source TO "${relayRole}";
GRANT SELECT, INSERT, DELETE ON outbox_parked TO "${relayRole}";

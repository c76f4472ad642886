-- Takes the place of the kit's outbox_event: insert-only, in partitions by time, each row with the transaction that wrote it.
-- seq must not be cached by a connection: it is the order of one key's events.
DROP TABLE outbox_event;
CREATE TABLE outbox_event (
    lane        smallint    NOT NULL,
    seq         bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    xid         xid8        NOT NULL DEFAULT pg_current_xact_id(),
    appended_at timestamptz NOT NULL DEFAULT clock_timestamp(),
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
    payload     bytea       NOT NULL
) PARTITION BY RANGE (appended_at);

-- The one index. What is new lies in one range of xid, what a transaction appended that ended late is found by its own.
CREATE INDEX outbox_event_read ON outbox_event (lane, xid, seq);

DO $$
DECLARE
    today timestamptz := date_trunc('day', clock_timestamp());
BEGIN
    FOR day IN -1..7 LOOP
        EXECUTE format('CREATE TABLE outbox_event_%s PARTITION OF outbox_event FOR VALUES FROM (%L) TO (%L)',
                       day + 1, today + make_interval(days => day), today + make_interval(days => day + 1));
    END LOOP;
END $$;

-- Where each lane's reading stands: rows are only ever added, so that no chain of versions grows under a transaction held open elsewhere.
-- What counts is the newest row of the newest epoch.
CREATE TABLE outbox_cursor (
    lane    smallint    NOT NULL,
    epoch   bigint      NOT NULL,
    id      bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    base    pg_snapshot NOT NULL,
    target  pg_snapshot,
    last    bigint      NOT NULL,
    settled bigint[]    NOT NULL,
    PRIMARY KEY (lane, epoch, id)
);

GRANT SELECT ON outbox_event TO "${relayRole}";
GRANT SELECT, INSERT ON outbox_cursor TO "${relayRole}";

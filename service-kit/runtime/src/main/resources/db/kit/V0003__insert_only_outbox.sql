-- The outbox becomes insert-only: the relay deletes nothing, but remembers how far it has read (docs/decisions/0005).
ALTER TABLE outbox_event RENAME TO outbox_event_v1;
ALTER TABLE outbox_event_v1 RENAME CONSTRAINT outbox_event_pkey TO outbox_event_v1_pkey;
ALTER SEQUENCE outbox_event_seq_seq RENAME TO outbox_event_v1_seq;

-- xid is the transaction that appended; the relay tells by it what a snapshot shows. It is the order of beginnings and nothing is ever sorted by it.
-- seq must not be cached by a connection: it is the order of one key's events.
CREATE TABLE outbox_event (
    lane        smallint    NOT NULL,
    seq         bigint      NOT NULL GENERATED ALWAYS AS IDENTITY (CACHE 1),
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

-- The partitions to read, by name: reading the parent would hide one whose detach is pending while rows still commit into it. A partition is listed
-- in the transaction that makes it, so whoever sees one of its rows sees it here. A drained one is read no more and may be dropped.
CREATE TABLE outbox_partition (
    name       text        PRIMARY KEY,
    from_at    timestamptz NOT NULL UNIQUE,
    to_at      timestamptz NOT NULL CHECK (to_at > from_at),
    state      text        NOT NULL DEFAULT 'attached' CHECK (state IN ('attached', 'retiring', 'drained')),
    -- Taken when no transaction could append to it any more.
    retired_at pg_snapshot
);

-- Makes the partition of a UTC day and attaches it, which does not hold up appending. Answers whether it was not there.
CREATE FUNCTION outbox_attach_partition(day date) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    partition_name CONSTANT text := 'outbox_event_' || to_char(day, 'YYYYMMDD');
    begins CONSTANT timestamptz := day::timestamp AT TIME ZONE 'UTC';
    ends CONSTANT timestamptz := (day + 1)::timestamp AT TIME ZONE 'UTC';
BEGIN
    INSERT INTO outbox_partition (name, from_at, to_at) VALUES (partition_name, begins, ends) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE %I (LIKE outbox_event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition_name);
    EXECUTE format('ALTER TABLE outbox_event ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', partition_name, begins, ends);
    EXECUTE format('GRANT SELECT ON %I TO "${relayRole}"', partition_name);
    RETURN true;
END $$;

SELECT outbox_attach_partition((clock_timestamp() AT TIME ZONE 'UTC')::date + day) FROM generate_series(-1, 8) AS day;

-- Seqs go on above all that were ever given out: parked events have theirs, too.
SELECT setval(pg_get_serial_sequence('outbox_event', 'seq'), nextval('outbox_event_v1_seq'));

-- In one transaction they are one batch, which is read in the order of seq.
INSERT INTO outbox_event (lane, seq, event_id, topic, record_key, type, source, subject, tenant, version, occurred_at, traceparent, tracestate, payload)
    OVERRIDING SYSTEM VALUE
SELECT lane, seq, event_id, topic, record_key, type, source, subject, tenant, version, occurred_at, traceparent, tracestate, payload
FROM outbox_event_v1 ORDER BY seq;
DROP TABLE outbox_event_v1;

-- How far each lane has been published: the newest row of its newest epoch. Rows are only added, so that no chain of versions grows under a
-- transaction that is open elsewhere; now and then the relay writes the newest ones into the emptied table.
-- Everything that base shows is settled; of what target shows and base does not, all up to the seq last; and beyond that the seqs in settled.
CREATE TABLE outbox_cursor (
    lane     smallint    NOT NULL,
    epoch    bigint      NOT NULL,
    id       bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    base     pg_snapshot NOT NULL,
    target   pg_snapshot,
    last     bigint      NOT NULL,
    settled  bigint[]    NOT NULL,
    saved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (lane, epoch, id)
);

GRANT SELECT ON outbox_event, outbox_partition TO "${relayRole}";
GRANT SELECT, INSERT, TRUNCATE ON outbox_cursor TO "${relayRole}";

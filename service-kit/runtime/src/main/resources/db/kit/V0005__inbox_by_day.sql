-- The inbox by the day inside the event's id (UUID v7: its first 48 bits are milliseconds), so that what is old enough is dropped and not deleted.
-- A day is from its first UUID to the next day's. What was there before is one partition of all days until tomorrow.
ALTER TABLE inbox RENAME TO inbox_before;
ALTER INDEX inbox_pkey RENAME TO inbox_before_pkey;

CREATE TABLE inbox (
    consumer    text        NOT NULL,
    event_id    uuid        NOT NULL,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (consumer, event_id)
) PARTITION BY RANGE (event_id);

DO $$
DECLARE
    tomorrow date := (clock_timestamp() AT TIME ZONE 'UTC')::date + 1;
    starts   uuid[];
BEGIN
    SELECT array_agg((lpad(to_hex(extract(epoch FROM tomorrow + n)::bigint * 1000), 12, '0') || repeat('0', 20))::uuid ORDER BY n)
    INTO starts
    FROM generate_series(0, 7) AS n;
    FOR n IN 0..6 LOOP
        EXECUTE format('CREATE TABLE inbox_%s PARTITION OF inbox FOR VALUES FROM (%L) TO (%L)',
                       to_char(tomorrow + n, 'YYYYMMDD'), starts[n + 1], starts[n + 2]);
    END LOOP;
    -- An id beyond the last day is of no event that is applied any more.
    INSERT INTO inbox SELECT * FROM inbox_before WHERE event_id >= starts[1] AND event_id < starts[8];
    DELETE FROM inbox_before WHERE event_id >= starts[1];
    EXECUTE format('ALTER TABLE inbox ATTACH PARTITION inbox_before FOR VALUES FROM (MINVALUE) TO (%L)', starts[1]);
END
$$;

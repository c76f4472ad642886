-- How far each lane has been published, as a relay saved it last; without a base where none has saved anything yet.
CREATE VIEW outbox_position AS
SELECT l.lane, c.base, c.target, c.last, c.settled
FROM outbox_lane l
LEFT JOIN LATERAL (SELECT * FROM outbox_cursor o WHERE o.lane = l.lane ORDER BY o.epoch DESC, o.id DESC LIMIT 1) AS c ON true;

-- Marks a retiring partition drained if every lane's position lies behind its end, and answers whether it is.
-- Behind means: what had ended when it was retired, which is all that ever wrote into it, had ended for the position's base, too.
CREATE FUNCTION outbox_drain_partition(partition_name text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    unread boolean;
BEGIN
    IF EXISTS (SELECT FROM outbox_partition t CROSS JOIN outbox_position p
               WHERE t.name = partition_name
                 AND (t.state <> 'retiring' OR t.retired_at IS NULL OR p.base IS NULL
                      OR pg_snapshot_xmax(p.base) < pg_snapshot_xmax(t.retired_at)
                      OR EXISTS (SELECT FROM pg_snapshot_xip(p.base) AS x WHERE pg_visible_in_snapshot(x, t.retired_at)))) THEN
        RETURN false;
    END IF;
    -- Follows from the above; it costs one look into the index for each lane.
    EXECUTE format('SELECT EXISTS (SELECT FROM outbox_position p JOIN %I e ON e.lane = p.lane AND e.xid >= pg_snapshot_xmin(p.base)
                                   WHERE NOT pg_visible_in_snapshot(e.xid, p.base))', partition_name) INTO unread;
    IF unread THEN
        RAISE EXCEPTION 'partition % has unread events behind every position', partition_name;
    END IF;
    UPDATE outbox_partition SET state = 'drained' WHERE name = partition_name;
    RETURN true;
END $$;

-- The database that the transaction ids in the outbox and in its positions are of. Written once, never updated: its own xmin then tells whether it still
-- is the row that was written. A physical copy (a standby, a recovery to a point in time, pg_upgrade) keeps that, a dump does not.
CREATE TABLE outbox_identity (
    single            boolean     PRIMARY KEY DEFAULT true CHECK (single),
    system_identifier bigint      NOT NULL,
    database_oid      oid         NOT NULL,
    written_by        xid8        NOT NULL DEFAULT pg_current_xact_id(),
    adopted_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    adopted_by        text        NOT NULL
);

CREATE VIEW outbox_identity_here AS
SELECT c.system_identifier, d.oid AS database_oid FROM pg_control_system() AS c, pg_database AS d WHERE d.datname = current_database();

INSERT INTO outbox_identity (system_identifier, database_oid, adopted_by) SELECT system_identifier, database_oid, 'migration' FROM outbox_identity_here;

-- Whether transaction ids that were written here before mean here what they meant then. The highest one seen is the newest position's.
CREATE FUNCTION outbox_ids_hold() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT xmin::text::bigint = written_by::text::bigint % 4294967296 FROM outbox_identity), false)
       AND NOT EXISTS (SELECT FROM outbox_position
                       WHERE greatest(pg_snapshot_xmax(base), pg_snapshot_xmax(target)) > pg_snapshot_xmax(pg_current_snapshot()));
$$;

-- Why nothing of this outbox may be published before an operator has adopted it; null when it is what it was.
CREATE FUNCTION outbox_foreign() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN NOT EXISTS (SELECT FROM outbox_identity i JOIN outbox_identity_here h USING (system_identifier, database_oid))
            THEN 'it is another database than the one that its positions were saved in'
        WHEN NOT outbox_ids_hold()
            THEN 'it was restored from a dump, or its transaction ids have gone back'
    END;
$$;

-- Makes the positions fit a restored database, in one transaction. What lies behind them is removed, all else gets the id of this transaction: it is one
-- batch in the order of seq, and every position begins before it. What was appended since the restore is kept whatever its numbers are; it is told
-- by the row's own xmin, for who restores writes rows of many transactions, or ids that are yet to come, and who appends does neither.
CREATE FUNCTION outbox_adopt(adopter text) RETURNS TABLE (adopted boolean, removed bigint, kept bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET enable_seqscan = on AS $$
DECLARE
    before pg_snapshot;
    part   text;
    rows   bigint;
    seqs   bigint := 0;
BEGIN
    -- As the keeper of partitions does.
    PERFORM pg_advisory_xact_lock(hashtext('carillon.outbox.partitions'));
    -- Nobody saves a position, or empties the table, meanwhile.
    LOCK TABLE outbox_cursor IN SHARE ROW EXCLUSIVE MODE;
    before := pg_current_snapshot();
    adopted := outbox_foreign() IS NOT NULL;
    removed := 0;
    kept := 0;
    IF NOT adopted THEN
        RETURN NEXT;
        RETURN;
    END IF;
    UPDATE outbox_lane SET owner = NULL, epoch = epoch + 1, expires_at = '-infinity';
    IF NOT outbox_ids_hold() THEN
        FOR part IN SELECT name FROM outbox_partition WHERE to_regclass(name) IS NOT NULL ORDER BY from_at LOOP
            EXECUTE format($sql$
                WITH restored AS (
                    SELECT e.xmin AS writer FROM %1$I AS e GROUP BY e.xmin
                    HAVING min(e.xid::text::bigint) < max(e.xid::text::bigint) OR min(e.xid::text::bigint) > $1 - ($1 - e.xmin::text::bigint) %% 4294967296)
                DELETE FROM %1$I AS e USING outbox_position AS p
                WHERE p.lane = e.lane AND e.xmin IN (SELECT writer FROM restored)
                  AND (pg_visible_in_snapshot(e.xid, p.base) OR e.seq <= p.last AND pg_visible_in_snapshot(e.xid, p.target) OR e.seq = ANY (p.settled))
                $sql$, part) USING pg_snapshot_xmax(before)::text::bigint;
            GET DIAGNOSTICS rows = ROW_COUNT;
            removed := removed + rows;
            EXECUTE format('UPDATE %I SET xid = pg_current_xact_id()', part);
            GET DIAGNOSTICS rows = ROW_COUNT;
            kept := kept + rows;
            EXECUTE format('SELECT greatest($1, max(seq)) FROM %I', part) INTO seqs USING seqs;
        END LOOP;
        INSERT INTO outbox_cursor (lane, epoch, base, last, settled) SELECT lane, epoch, before, 0, '{}' FROM outbox_lane;
        UPDATE outbox_partition SET retired_at = NULL WHERE state = 'retiring';
        PERFORM setval(pg_get_serial_sequence('outbox_event', 'seq'), greatest(seqs, nextval(pg_get_serial_sequence('outbox_event', 'seq'))));
    END IF;
    DELETE FROM outbox_identity;
    INSERT INTO outbox_identity (system_identifier, database_oid, adopted_by) SELECT system_identifier, database_oid, adopter FROM outbox_identity_here;
    PERFORM pg_notify('carillon_relay', '');
    RETURN NEXT;
END $$;

REVOKE EXECUTE ON FUNCTION outbox_adopt(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION outbox_adopt(text) TO "${relayRole}";
GRANT SELECT ON outbox_position, outbox_identity, outbox_identity_here TO "${relayRole}";

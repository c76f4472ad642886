package dev.carillon.benchmarks.relay;

import dev.carillon.benchmarks.cursor.CursorLeases;
import dev.carillon.benchmarks.cursor.CursorOutbox;
import dev.carillon.relay.LaneLeases;
import dev.carillon.relay.OutboxEvents;
import dev.carillon.relay.store.PgOutboxEvents;
import io.vertx.sqlclient.Pool;

/** How the relay reads an outbox, and what becomes of what was acknowledged. */
public enum Way {
    /** The product's: what is there is read, what is acknowledged is deleted. */
    DELETE {
        @Override
        Reading over(Pool pool, LaneLeases leases) {
            return new Reading(leases, new PgOutboxEvents(pool));
        }
    },
    /** The candidate: rows stay, stored snapshots tell what is new. */
    CURSORS {
        @Override
        Reading over(Pool pool, LaneLeases leases) {
            var outbox = new CursorOutbox(pool);
            return new Reading(new CursorLeases(leases, outbox), outbox);
        }
    };

    record Reading(LaneLeases leases, OutboxEvents outbox) {}

    abstract Reading over(Pool pool, LaneLeases leases);
}

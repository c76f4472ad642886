package dev.carillon.relay.store;

import dev.carillon.relay.Lane;
import dev.carillon.relay.OutboxEvent;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import org.jspecify.annotations.Nullable;

/** The columns that {@code outbox_event} and {@code outbox_parked} share. */
final class EventRow {
    /** All but the lane and the seq, in the tables' order. */
    static final String CONTENT =
            "event_id, topic, record_key, type, source, subject, tenant, version, occurred_at, traceparent, tracestate, payload";

    private static final byte[] NOTHING = {};

    private EventRow() {}

    static OutboxEvent read(Row row) {
        @Nullable Buffer payload = row.getBuffer("payload");
        return new OutboxEvent(
                new Lane(row.getShort("lane")),
                row.getLong("seq"),
                row.getUUID("event_id"),
                row.getString("topic"),
                row.getString("record_key"),
                row.getString("type"),
                row.getString("source"),
                row.getString("subject"),
                row.getString("tenant"),
                row.getLong("version"),
                row.getOffsetDateTime("occurred_at").toInstant(),
                row.getString("traceparent"),
                row.getString("tracestate"),
                payload == null ? NOTHING : payload.getBytes());
    }
}

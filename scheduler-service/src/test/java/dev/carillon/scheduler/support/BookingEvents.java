package dev.carillon.scheduler.support;

import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.testing.quarkus.Records;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Says on Kafka what the booking service would say of one booking. */
public final class BookingEvents implements AutoCloseable {
    private static final String TOPIC = "carillon.booking.events.v1";

    private final EventIds ids = new EventIds();
    private final Records records = new Records();
    private final UUID bookingId = UUID.randomUUID();
    private final String tenant;
    private final String key;

    public BookingEvents(String tenant) {
        this.tenant = tenant;
        this.key = bookingId.toString();
    }

    private BookingEvents(BookingEvents before) {
        this.tenant = before.tenant;
        this.key = before.key;
    }

    /** Another booking, whose events are read after what was said of this one until now. */
    public BookingEvents follower() {
        return new BookingEvents(this);
    }

    public UUID bookingId() {
        return bookingId;
    }

    /** How to find the booking's messages. */
    public String listed() {
        return "/v1/messages?source=booking:" + bookingId;
    }

    public void booked(long version, Instant startAt) {
        says("booked", version, payload("booked", 0, startAt));
    }

    public void moved(long version, int sequence, Instant startAt) {
        says("rescheduled", version, payload("booked", sequence, startAt));
    }

    public void cancelled(long version, int sequence, Instant startAt) {
        says("cancelled", version, payload("cancelled", sequence, startAt));
    }

    public UUID says(String kind, long version, String payload) {
        var id = ids.next();
        send(id, kind, version, payload, null);
        return id;
    }

    public void send(UUID id, String kind, long version, String payload, @Nullable String traceparent) {
        var headers = new LinkedHashMap<>(Map.of(
                "ce_id",
                id.toString(),
                "ce_type",
                "carillon.booking." + kind + ".v1",
                "ce_source",
                "/carillon/booking",
                "ce_subject",
                bookingId.toString(),
                "ce_tenant",
                tenant,
                "ce_version",
                Long.toString(version)));
        if (traceparent != null) {
            headers.put("traceparent", traceparent);
        }
        records.send(TOPIC, key, headers, payload);
    }

    /** With fields that the scheduler does not read, and a reminder an hour before. */
    public String payload(String status, int sequence, Instant startAt) {
        return """
                {"bookingId":"%s","status":"%s","places":2,"sequence":%d,
                 "resource":{"id":"0199aaaa-0000-7000-8000-000000000001","name":"Dr. Rao","zone":"Asia/Kolkata","floor":3},
                 "slot":{"id":"0199aaaa-0000-7000-8000-000000000002","startAt":"%s","endAt":"%s"},
                 "customer":{"id":"c-1","name":"Ana","email":"ana@example.org","zone":"Europe/Berlin"},
                 "reminders":["PT1H"],"createdAt":"2026-01-01T00:00:00Z","bookedAt":"2026-01-01T00:00:00Z",
                 "calendar":"BEGIN:VCALENDAR\\r\\nEND:VCALENDAR\\r\\n","later":{"field":true}}""".formatted(bookingId, status, sequence, startAt, startAt.plusSeconds(1800));
    }

    @Override
    public void close() {
        records.close();
    }
}

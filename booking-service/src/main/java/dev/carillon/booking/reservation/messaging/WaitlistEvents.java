package dev.carillon.booking.reservation.messaging;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.booking.reservation.WaitlistEntry;
import dev.carillon.booking.reservation.store.TracedEntry;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.event.OutgoingEvent.Urgency;
import dev.carillon.kit.event.Payloads;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The events about entries of waitlists, each with its full state; schemas in {@code docs/contracts/events}. */
@ApplicationScoped
public class WaitlistEvents {
    private static final String TOPIC = "carillon.waitlist.events.v1";
    private static final String SOURCE = "/carillon/booking";

    @RegisterForReflection
    record Payload(
            UUID entryId,
            String status,
            @Nullable String cancellationReason,
            UUID resourceId,
            @Nullable UUID slotId,
            int places,
            CustomerPayload customer,
            @Nullable UUID bookingId,
            Instant createdAt,
            @Nullable Instant endedAt) {}

    private final EventIds ids;
    private final ObjectMapper json;

    public WaitlistEvents(EventIds ids, ObjectMapper json) {
        this.ids = ids;
        this.json = json;
    }

    /** Joined, offered, accepted, expired or left, as the entry stands. */
    public OutgoingEvent told(TracedEntry traced, Instant now) {
        return event(type(traced.entry()), traced, now);
    }

    /** What was offered is withdrawn; the entry waits on. */
    public OutgoingEvent withdrawn(TracedEntry traced, Instant now) {
        return event("withdrawn", traced, now);
    }

    /** What is kept of it is not what it was, though nothing happened to it: its customer's personal data is erased. */
    public OutgoingEvent corrected(TracedEntry traced, Instant now) {
        return event("corrected", traced, now);
    }

    private OutgoingEvent event(String type, TracedEntry traced, Instant now) {
        var entry = traced.entry();
        return new OutgoingEvent(
                ids.next(),
                TOPIC,
                entry.id().toString(),
                "carillon.waitlist." + type + ".v1",
                SOURCE,
                entry.id().toString(),
                entry.tenant(),
                entry.version(),
                now,
                traced.trace(),
                Payloads.bytes(json, payload(entry)),
                Urgency.PROMPT);
    }

    private static String type(WaitlistEntry entry) {
        return switch (entry.status()) {
            case WAITLIST -> "joined";
            case PROPOSED -> "offered";
            case BOOKED -> "accepted";
            case CANCELLED -> entry.isEndedByClient() ? "left" : "expired";
        };
    }

    private static Payload payload(WaitlistEntry entry) {
        return new Payload(
                entry.id(),
                entry.status().wireName(),
                entry.cancellationReason(),
                entry.resourceId(),
                entry.slotId(),
                entry.places(),
                CustomerPayload.of(entry.customer()),
                entry.bookingId(),
                entry.createdAt(),
                entry.endedAt());
    }
}

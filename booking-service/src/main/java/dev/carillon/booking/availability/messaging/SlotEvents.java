package dev.carillon.booking.availability.messaging;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.booking.availability.Slot;
import dev.carillon.booking.availability.SlotStatus;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.event.OutgoingEvent.Urgency;
import dev.carillon.kit.event.Payloads;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.telemetry.Traces;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The events about slots, each with what its owner has set; schemas in {@code docs/contracts/events}. How many places are taken is told by those of
 * bookings.
 */
@ApplicationScoped
public class SlotEvents {
    private static final String TOPIC = "carillon.slot.events.v1";
    private static final String SOURCE = "/carillon/booking";

    @RegisterForReflection
    record Payload(UUID slotId, UUID resourceId, Instant startAt, Instant endAt, int capacity, String status) {}

    private final EventIds ids;
    private final ObjectMapper json;
    private final Traces traces;

    public SlotEvents(EventIds ids, ObjectMapper json, Traces traces) {
        this.ids = ids;
        this.json = json;
        this.traces = traces;
    }

    /** A new slot. */
    public OutgoingEvent opened(Slot slot, Instant now) {
        return event("opened", slot, traces.current(), now);
    }

    /** What became of a slot that was there; empty when nothing did. One that is open again was opened. */
    public Optional<OutgoingEvent> changed(Slot before, Slot after, Instant now) {
        if (before.status() != after.status()) {
            var type = after.status() == SlotStatus.CLOSED ? "closed" : "opened";
            return Optional.of(event(type, after, traces.current(), now));
        }
        return before.capacity() == after.capacity()
                ? Optional.empty()
                : Optional.of(event("capacity-changed", after, traces.current(), now));
    }

    private OutgoingEvent event(String type, Slot slot, TraceContext trace, Instant now) {
        return new OutgoingEvent(
                ids.next(),
                TOPIC,
                slot.id().toString(),
                "carillon.slot." + type + ".v1",
                SOURCE,
                slot.id().toString(),
                slot.tenant(),
                slot.revision(),
                now,
                trace,
                Payloads.bytes(json, payload(slot)),
                Urgency.CAN_WAIT);
    }

    private static Payload payload(Slot slot) {
        return new Payload(
                slot.id(),
                slot.resourceId(),
                slot.startAt(),
                slot.endAt(),
                slot.capacity(),
                slot.status().wireName());
    }
}

package dev.carillon.booking.reservation.messaging;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.booking.availability.MessageTemplate;
import dev.carillon.booking.availability.store.TemplatesJson;
import dev.carillon.booking.reservation.Appointment;
import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.BookingStatus;
import dev.carillon.booking.reservation.calendar.BookingCalendar;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.event.OutgoingEvent.Urgency;
import dev.carillon.kit.event.Payloads;
import dev.carillon.kit.telemetry.TraceContext;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The events about bookings, each with its full state; schemas in {@code docs/contracts/events}. */
@ApplicationScoped
public class BookingEvents {
    private static final String TOPIC = "carillon.booking.events.v1";
    private static final String SOURCE = "/carillon/booking";

    @RegisterForReflection
    record Payload(
            UUID bookingId,
            String status,
            @Nullable String cancellationReason,
            int places,
            int sequence,
            ResourcePayload resource,
            SlotPayload slot,
            CustomerPayload customer,
            List<String> reminders,
            @Nullable Map<String, MessageTemplate> templates,
            @Nullable Instant holdExpiresAt,
            Instant createdAt,
            @Nullable Instant bookedAt,
            @Nullable Instant cancelledAt,
            @Nullable Instant arrivedAt,
            @Nullable Instant checkedInAt,
            @Nullable Instant fulfilledAt,
            @Nullable Instant noShowAt,
            @Nullable String calendar) {}

    @RegisterForReflection
    record ResourcePayload(
            UUID id, String name, String zone, @Nullable String language) {}

    /** @param closed absent when it is not */
    @RegisterForReflection
    record SlotPayload(
            UUID id,
            Instant startAt,
            Instant endAt,
            @Nullable Boolean closed) {}

    private final EventIds ids;
    private final ObjectMapper json;
    private final BookingCalendar calendar;

    public BookingEvents(EventIds ids, ObjectMapper json, BookingCalendar calendar) {
        this.ids = ids;
        this.json = json;
        this.calendar = calendar;
    }

    /** Offered, held, booked, what became of the appointment, cancelled or its time expired, as the booking stands. */
    public OutgoingEvent told(Booking booking, TraceContext trace, Instant now) {
        return event(
                switch (booking.status()) {
                    case PROPOSED -> "proposed";
                    case PENDING -> "held";
                    case BOOKED -> "booked";
                    case ARRIVED -> "arrived";
                    case CHECKED_IN -> "checked-in";
                    case FULFILLED -> "fulfilled";
                    case NOSHOW -> "no-show";
                    case CANCELLED ->
                        Booking.HOLD_EXPIRED.equals(booking.cancellationReason())
                                ? Booking.HOLD_EXPIRED
                                : BookingStatus.CANCELLED.wireName();
                },
                booking,
                trace,
                now);
    }

    /** Moved to another slot. */
    public OutgoingEvent rescheduled(Booking booking, TraceContext trace, Instant now) {
        return event("rescheduled", booking, trace, now);
    }

    /** What is kept of it is not what it was, though nothing happened to it: its customer's personal data is erased. */
    public OutgoingEvent corrected(Booking booking, TraceContext trace, Instant now) {
        return event("corrected", booking, trace, now);
    }

    /** Its slot takes no bookings any more, or takes them again; the booking itself stands. */
    public OutgoingEvent slotChanged(Booking booking, TraceContext trace, Instant now) {
        return event("slot-changed", booking, trace, now);
    }

    private OutgoingEvent event(String type, Booking booking, TraceContext trace, Instant now) {
        return new OutgoingEvent(
                ids.next(),
                TOPIC,
                booking.id().toString(),
                "carillon.booking." + type + ".v1",
                SOURCE,
                booking.id().toString(),
                booking.tenant(),
                booking.version(),
                now,
                trace,
                Payloads.bytes(json, payload(booking, now)),
                Urgency.PROMPT);
    }

    private Payload payload(Booking booking, Instant now) {
        var appointment = booking.appointment();
        return new Payload(
                booking.id(),
                booking.status().wireName(),
                booking.cancellationReason(),
                booking.places(),
                booking.sequence(),
                resource(appointment),
                new SlotPayload(
                        appointment.slotId(),
                        appointment.startAt(),
                        appointment.endAt(),
                        appointment.slotClosed() ? true : null),
                CustomerPayload.of(booking.customer()),
                appointment.reminders(),
                appointment.messages().templates().isEmpty()
                        ? null
                        : TemplatesJson.named(appointment.messages().templates()),
                booking.holdExpiresAt(),
                booking.createdAt(),
                booking.bookedAt(),
                booking.cancelledAt(),
                booking.attendance().arrivedAt(),
                booking.attendance().checkedInAt(),
                booking.attendance().fulfilledAt(),
                booking.attendance().noShowAt(),
                calendar.write(booking, now).orElse(null));
    }

    private static ResourcePayload resource(Appointment appointment) {
        return new ResourcePayload(
                appointment.resourceId(),
                appointment.resourceName(),
                appointment.zone().getId(),
                appointment.messages().language());
    }
}

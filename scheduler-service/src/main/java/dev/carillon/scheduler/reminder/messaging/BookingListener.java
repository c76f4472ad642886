package dev.carillon.scheduler.reminder.messaging;

import dev.carillon.kit.event.Event;
import dev.carillon.kit.inbox.Inbox;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.reminder.usecase.FollowBookings;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Reads {@code carillon.booking.events.v1}. */
@ApplicationScoped
public class BookingListener {
    private static final Set<String> TYPES = Set.of(
            "carillon.booking.proposed.v1",
            "carillon.booking.held.v1",
            "carillon.booking.hold-expired.v1",
            "carillon.booking.booked.v1",
            "carillon.booking.rescheduled.v1",
            "carillon.booking.slot-changed.v1",
            "carillon.booking.no-show.v1",
            "carillon.booking.cancelled.v1",
            "carillon.booking.corrected.v1");

    private final Inbox inbox;
    private final FollowBookings followBookings;
    private final BookingReading reading;

    public BookingListener(Inbox inbox, FollowBookings followBookings, BookingReading reading) {
        this.inbox = inbox;
        this.followBookings = followBookings;
        this.reading = reading;
    }

    @Incoming("booking-events")
    Uni<Void> onBookingEvents(ConsumerRecords<String, byte[]> batch) {
        return inbox.consume("scheduler", "scheduler-bookings", batch, this::apply);
    }

    private Uni<Void> apply(Tx tx, List<Event> events) {
        return followBookings.follow(
                tx,
                events.stream()
                        .filter(event -> TYPES.contains(event.type()))
                        .map(event -> new FollowBookings.Told(reading.read(event), event.trace()))
                        .toList());
    }
}

package dev.carillon.booking;

import dev.carillon.kit.outbox.Outbox;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/** Every type of event that the service appends, each counted from its start on. */
@ApplicationScoped
class EventTypes {
    static final List<String> ALL = List.of(
            "carillon.booking.arrived.v1",
            "carillon.booking.booked.v1",
            "carillon.booking.cancelled.v1",
            "carillon.booking.checked-in.v1",
            "carillon.booking.corrected.v1",
            "carillon.booking.fulfilled.v1",
            "carillon.booking.held.v1",
            "carillon.booking.hold-expired.v1",
            "carillon.booking.no-show.v1",
            "carillon.booking.proposed.v1",
            "carillon.booking.rescheduled.v1",
            "carillon.booking.slot-changed.v1",
            "carillon.waitlist.accepted.v1",
            "carillon.waitlist.corrected.v1",
            "carillon.waitlist.expired.v1",
            "carillon.waitlist.joined.v1",
            "carillon.waitlist.left.v1",
            "carillon.waitlist.offered.v1",
            "carillon.waitlist.withdrawn.v1",
            "carillon.slot.capacity-changed.v1",
            "carillon.slot.closed.v1",
            "carillon.slot.opened.v1");

    void start(@Observes StartupEvent started, Outbox outbox) {
        outbox.countFromNow(ALL);
    }
}

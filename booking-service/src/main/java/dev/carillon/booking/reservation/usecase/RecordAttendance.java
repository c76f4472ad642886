package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.reservation.Attendance;
import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.Booking.Transition;
import dev.carillon.booking.reservation.messaging.BookingEvents;
import dev.carillon.booking.reservation.store.TracedBooking;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Records what became of an appointment. The slot's places stay taken: they were used, or their time has come. */
@ApplicationScoped
public class RecordAttendance {
    private final BookingChange change;
    private final BookingEvents events;
    private final HoldTimers clock;
    private final Traces traces;

    RecordAttendance(BookingChange change, BookingEvents events, HoldTimers clock, Traces traces) {
        this.change = change;
        this.events = events;
        this.clock = clock;
        this.traces = traces;
    }

    /** @param revision the one that the client means; null for any */
    public Uni<Outcome> record(
            String tenant,
            UUID id,
            Attendance.Step step,
            @Nullable Integer revision,
            IdempotencyKeys.@Nullable Key key) {
        return change.apply(
                new BookingChange.Wish(tenant, id, revision, key), (tx, booking) -> decide(tx, booking, step));
    }

    private Uni<Outcome> decide(Tx tx, TracedBooking before, Attendance.Step step) {
        var now = clock.now();
        return switch (before.booking().attend(step, now)) {
            case Transition.Changed(Booking attended) ->
                change.save(tx, attended, events.told(attended, traces.current(), now))
                        .replaceWith(new Outcome.Done(before.with(attended)));
            case Transition.Unchanged ignored -> Uni.createFrom().item(new Outcome.Done(before));
            case Transition.Refused refused -> Uni.createFrom().item(new Outcome.Refused(refused));
        };
    }
}

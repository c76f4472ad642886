package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.Booking.Transition;
import dev.carillon.booking.reservation.messaging.BookingEvents;
import dev.carillon.booking.reservation.store.BookingStore;
import dev.carillon.booking.reservation.store.TracedBooking;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes a held booking a booked one, as long as it is held and its slot is open. One whose slot is closed stays held until its hold ends: it can be moved.
 *
 * <p>The slot is looked at under the booking's lock and not locked: whoever closes it later finds the booking, and tells its customer.
 */
@ApplicationScoped
public class ConfirmBooking {
    private final BookingChange change;
    private final BookingStore bookings;
    private final BookingEvents events;
    private final HoldTimers holds;
    private final Traces traces;

    ConfirmBooking(BookingChange change, BookingStore bookings, BookingEvents events, HoldTimers holds, Traces traces) {
        this.change = change;
        this.bookings = bookings;
        this.events = events;
        this.holds = holds;
        this.traces = traces;
    }

    /** @param revision the one that the client means; null for any */
    public Uni<Outcome> confirm(String tenant, UUID id, @Nullable Integer revision, IdempotencyKeys.@Nullable Key key) {
        return change.apply(new BookingChange.Wish(tenant, id, revision, key), this::decide);
    }

    /** The same, of any revision, on the caller's transaction; see {@link BookingChange}. */
    public Uni<Outcome> confirm(Tx tx, String tenant, UUID id) {
        return change.apply(tx, new BookingChange.Wish(tenant, id, null, null), this::decide);
    }

    private Uni<Outcome> decide(Tx tx, TracedBooking held) {
        var now = holds.now();
        return switch (held.booking().confirm(now)) {
            case Transition.Changed(Booking booked) ->
                bookings.isInClosedSlot(tx, booked)
                        .chain(isClosed -> isClosed
                                ? Uni.createFrom().item(new Outcome.SlotClosed("The slot is closed"))
                                : save(tx, held.with(booked), now));
            case Transition.Unchanged ignored -> Uni.createFrom().item(new Outcome.Done(held));
            case Transition.Refused refused -> Uni.createFrom().item(new Outcome.Refused(refused));
        };
    }

    private Uni<Outcome> save(Tx tx, TracedBooking booked, Instant now) {
        return change.save(tx, booked.booking(), events.told(booked.booking(), traces.current(), now))
                .chain(() -> holds.disarm(tx, booked.id()))
                .replaceWith(new Outcome.Done(booked));
    }
}

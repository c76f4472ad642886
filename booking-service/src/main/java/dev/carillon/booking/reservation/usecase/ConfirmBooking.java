package dev.carillon.booking.reservation.usecase;

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

/** Makes a held booking a booked one, as long as it is held. */
@ApplicationScoped
public class ConfirmBooking {
    private final BookingChange change;
    private final BookingEvents events;
    private final HoldTimers holds;
    private final Traces traces;

    ConfirmBooking(BookingChange change, BookingEvents events, HoldTimers holds, Traces traces) {
        this.change = change;
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
                change.save(tx, booked, events.told(booked, traces.current(), now))
                        .chain(() -> holds.disarm(tx, booked.id()))
                        .replaceWith(new Outcome.Done(held.with(booked)));
            case Transition.Unchanged ignored -> Uni.createFrom().item(new Outcome.Done(held));
            case Transition.Refused refused -> Uni.createFrom().item(new Outcome.Refused(refused));
        };
    }
}

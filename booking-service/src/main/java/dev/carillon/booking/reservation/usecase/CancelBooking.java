package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.availability.store.SlotStore;
import dev.carillon.booking.reservation.Actor;
import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.Booking.Transition;
import dev.carillon.booking.reservation.messaging.BookingEvents;
import dev.carillon.booking.reservation.store.TracedBooking;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Cancels a booking, held or booked, and gives its places back, or passes them on; a repeat gives nothing back again. */
@ApplicationScoped
public class CancelBooking {
    private final BookingChange change;
    private final SlotStore slots;
    private final BookingEvents events;
    private final HoldTimers holds;
    private final Traces traces;

    CancelBooking(BookingChange change, SlotStore slots, BookingEvents events, HoldTimers holds, Traces traces) {
        this.change = change;
        this.slots = slots;
        this.events = events;
        this.holds = holds;
        this.traces = traces;
    }

    /**
     * @param by customers give the notice that the resource asks for
     * @param revision the one that the client means; null for any
     */
    public Uni<Outcome> cancel(
            String tenant, UUID id, Actor by, @Nullable Integer revision, IdempotencyKeys.@Nullable Key key) {
        return change.apply(
                new BookingChange.Wish(tenant, id, revision, key), (tx, booking) -> decide(tx, booking, by));
    }

    /** The same, of any revision, on the caller's transaction; see {@link BookingChange}. */
    public Uni<Outcome> cancel(Tx tx, String tenant, UUID id, Actor by) {
        return change.apply(
                tx, new BookingChange.Wish(tenant, id, null, null), (same, booking) -> decide(same, booking, by));
    }

    private Uni<Outcome> decide(Tx tx, TracedBooking before, Actor by) {
        var now = holds.now();
        return switch (before.booking().cancel(now)) {
            case Transition.Changed(Booking cancelled) ->
                BookingChange.refusal(before.booking(), by, now)
                        .map(refusal -> Uni.createFrom().item(refusal))
                        .orElseGet(
                                () -> save(tx, cancelled, now).replaceWith(new Outcome.Done(before.with(cancelled))));
            case Transition.Unchanged ignored -> Uni.createFrom().item(new Outcome.Done(before));
            case Transition.Refused refused -> Uni.createFrom().item(new Outcome.Refused(refused));
        };
    }

    private Uni<Void> save(Tx tx, Booking cancelled, Instant now) {
        return giveBack(tx, cancelled, now)
                .chain(() -> change.save(tx, cancelled, events.told(cancelled, traces.current(), now)))
                .chain(() -> holds.disarm(tx, cancelled.id()));
    }

    private Uni<Void> giveBack(Tx tx, Booking cancelled, Instant now) {
        return slots.lock(tx, List.of(cancelled.appointment().slotId()))
                .chain(locked -> holds.passOn(
                        tx,
                        locked.stream()
                                .map(slot -> slot.giveBack(cancelled.places()))
                                .toList(),
                        now));
    }
}

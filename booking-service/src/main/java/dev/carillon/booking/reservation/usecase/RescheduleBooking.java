package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.availability.Slot;
import dev.carillon.booking.availability.store.SlotStore;
import dev.carillon.booking.reservation.Appointment;
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
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Moves a booking to another slot: the places there are taken and those here given back in one transaction, or neither. */
@ApplicationScoped
public class RescheduleBooking {
    private final BookingChange change;
    private final SlotStore slots;
    private final BookingStore bookings;
    private final BookingEvents events;
    private final HoldTimers holds;
    private final Traces traces;

    RescheduleBooking(
            BookingChange change,
            SlotStore slots,
            BookingStore bookings,
            BookingEvents events,
            HoldTimers holds,
            Traces traces) {
        this.change = change;
        this.slots = slots;
        this.bookings = bookings;
        this.events = events;
        this.holds = holds;
        this.traces = traces;
    }

    /** @param revision the one that the client means; null for any */
    public Uni<Outcome> reschedule(
            String tenant, UUID id, UUID slotId, @Nullable Integer revision, IdempotencyKeys.@Nullable Key key) {
        return change.apply(
                new BookingChange.Wish(tenant, id, revision, key), (tx, booking) -> decide(tx, booking, slotId));
    }

    private Uni<Outcome> decide(Tx tx, TracedBooking before, UUID slotId) {
        var from = before.booking().appointment().slotId();
        return slots.lock(tx, List.of(from, slotId))
                .chain(locked -> bookings.appointments(tx, List.of(slotId)).chain(found -> {
                    var to = find(locked, slotId);
                    return to == null || !to.tenant().equals(before.booking().tenant())
                            ? Uni.createFrom().item(new Outcome.NoSuchSlot(slotId))
                            : move(tx, before, find(locked, from), to, found.getFirst());
                }));
    }

    private static @Nullable Slot find(List<Slot> locked, UUID id) {
        return locked.stream().filter(slot -> slot.id().equals(id)).findFirst().orElse(null);
    }

    private Uni<Outcome> move(Tx tx, TracedBooking before, @Nullable Slot from, Slot to, Appointment appointment) {
        var now = holds.now();
        return switch (before.booking().moveTo(appointment, now)) {
            case Transition.Changed(Booking moved) ->
                switch (to.take(moved.places(), now)) {
                    case Slot.Taking.Taken(Slot taken) ->
                        slots.count(tx, counted(from, moved, taken))
                                .chain(() -> save(tx, moved, now))
                                .replaceWith(new Outcome.Done(before.with(moved)));
                    case Slot.Taking.Full(int available) -> Uni.createFrom().item(new Outcome.SlotFull(available));
                    case Slot.Taking.Closed(String why) -> Uni.createFrom().item(new Outcome.SlotClosed(why));
                };
            case Transition.Unchanged ignored -> Uni.createFrom().item(new Outcome.Done(before));
            case Transition.Refused refused -> Uni.createFrom().item(new Outcome.Refused(refused));
        };
    }

    private static List<Slot> counted(@Nullable Slot from, Booking moved, Slot taken) {
        return from == null ? List.of(taken) : List.of(from.giveBack(moved.places()), taken);
    }

    private Uni<Void> save(Tx tx, Booking moved, Instant now) {
        return change.save(tx, moved, events.rescheduled(moved, traces.current(), now));
    }
}

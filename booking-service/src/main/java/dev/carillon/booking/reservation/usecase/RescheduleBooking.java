package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.availability.Slot;
import dev.carillon.booking.availability.store.SlotStore;
import dev.carillon.booking.reservation.Actor;
import dev.carillon.booking.reservation.Appointment;
import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.Booking.Transition;
import dev.carillon.booking.reservation.LimitedCustomer;
import dev.carillon.booking.reservation.messaging.BookingEvents;
import dev.carillon.booking.reservation.store.BookingStore;
import dev.carillon.booking.reservation.store.LimitedCustomers;
import dev.carillon.booking.reservation.store.TracedBooking;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Moves a booking to another slot: the places there are taken and those here given back in one transaction, or neither. */
@ApplicationScoped
public class RescheduleBooking {
    private final BookingChange change;
    private final SlotStore slots;
    private final BookingStore bookings;
    private final LimitedCustomers customers;
    private final BookingEvents events;
    private final HoldTimers holds;
    private final Traces traces;

    RescheduleBooking(
            BookingChange change,
            SlotStore slots,
            BookingStore bookings,
            LimitedCustomers customers,
            BookingEvents events,
            HoldTimers holds,
            Traces traces) {
        this.change = change;
        this.slots = slots;
        this.bookings = bookings;
        this.customers = customers;
        this.events = events;
        this.holds = holds;
        this.traces = traces;
    }

    /**
     * A move that is to be decided.
     *
     * @param isAtLimit whether the customer has as many other bookings ahead as the resource there allows
     */
    private record Move(TracedBooking before, Appointment to, Actor by, boolean isAtLimit) {
        String tenant() {
            return before.booking().tenant();
        }

        UUID from() {
            return before.booking().appointment().slotId();
        }
    }

    /**
     * @param by customers give the notice that the resource asks for
     * @param revision the one that the client means; null for any
     */
    public Uni<Outcome> reschedule(
            String tenant,
            UUID id,
            UUID slotId,
            Actor by,
            @Nullable Integer revision,
            IdempotencyKeys.@Nullable Key key) {
        return change.apply(
                new BookingChange.Wish(tenant, id, revision, key), (tx, booking) -> decide(tx, booking, slotId, by));
    }

    /** The same, of any revision, on the caller's transaction; see {@link BookingChange}. */
    public Uni<Outcome> reschedule(Tx tx, String tenant, UUID id, UUID slotId, Actor by) {
        return change.apply(
                tx,
                new BookingChange.Wish(tenant, id, null, null),
                (same, booking) -> decide(same, booking, slotId, by));
    }

    private Uni<Outcome> decide(Tx tx, TracedBooking before, UUID slotId, Actor by) {
        return bookings.appointments(tx, List.of(slotId))
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().item(new Outcome.NoSuchSlot(slotId))
                        : isAtLimit(tx, before.booking(), found.getFirst())
                                .chain(isAtLimit -> decide(tx, new Move(before, found.getFirst(), by, isAtLimit))));
    }

    private Uni<Outcome> decide(Tx tx, Move move) {
        return slots.lock(tx, List.of(move.from(), move.to.slotId())).chain(locked -> {
            var to = find(locked, move.to.slotId());
            return to == null || !to.tenant().equals(move.tenant())
                    ? Uni.createFrom().item(new Outcome.NoSuchSlot(move.to.slotId()))
                    : move(tx, move, find(locked, move.from()), to);
        });
    }

    /** What is ahead there already is counted, and its move is none more; whether it is, is asked under the lock, as when others are counted. */
    private Uni<Boolean> isAtLimit(Tx tx, Booking moving, Appointment to) {
        int most = Objects.requireNonNullElse(to.rules().maxPerCustomer(), Integer.MAX_VALUE);
        var limited = LimitedCustomer.of(moving.tenant(), to, moving.customer());
        return customers
                .lockAndCount(tx, limited.stream().toList(), holds::now)
                .map(ahead -> !moving.isAheadAt(to.resourceId(), holds.now())
                        && ahead.values().stream().anyMatch(count -> count >= most));
    }

    private static @Nullable Slot find(List<Slot> locked, UUID id) {
        return locked.stream().filter(slot -> slot.id().equals(id)).findFirst().orElse(null);
    }

    private Uni<Outcome> move(Tx tx, Move move, @Nullable Slot from, Slot to) {
        var now = holds.now();
        return switch (move.before.booking().moveTo(move.to, now)) {
            case Transition.Changed(Booking moved) ->
                BookingChange.refusal(move.before.booking(), move.by, now)
                        .map(refusal -> Uni.createFrom().item(refusal))
                        .orElseGet(() -> take(tx, move, moved, from, to, now));
            case Transition.Unchanged ignored -> Uni.createFrom().item(new Outcome.Done(move.before));
            case Transition.Refused refused -> Uni.createFrom().item(new Outcome.Refused(refused));
        };
    }

    private Uni<Outcome> take(Tx tx, Move move, Booking moved, @Nullable Slot from, Slot to, Instant now) {
        var rules = move.to.rules();
        return switch (to.take(moved.places(), now, rules.leadTime())) {
            case Slot.Taking.Taken(Slot taken) ->
                move.isAtLimit
                        ? Uni.createFrom()
                                .item(new Outcome.CustomerLimit(Objects.requireNonNull(rules.maxPerCustomer())))
                        : slots.count(tx, List.of(taken))
                                .chain(() -> giveBack(tx, from, moved, now))
                                .chain(() -> save(tx, moved, now))
                                .replaceWith(new Outcome.Done(move.before.with(moved)));
            case Slot.Taking.Full(int available) -> Uni.createFrom().item(new Outcome.SlotFull(available));
            case Slot.Taking.Closed(String why) -> Uni.createFrom().item(new Outcome.SlotClosed(why));
        };
    }

    private Uni<Void> giveBack(Tx tx, @Nullable Slot from, Booking moved, Instant now) {
        return from == null
                ? Uni.createFrom().voidItem()
                : holds.passOn(tx, List.of(from.giveBack(moved.places())), now);
    }

    private Uni<Void> save(Tx tx, Booking moved, Instant now) {
        return change.save(tx, moved, events.rescheduled(moved, traces.current(), now));
    }
}

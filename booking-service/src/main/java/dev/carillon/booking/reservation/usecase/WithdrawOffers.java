package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.availability.Slot;
import dev.carillon.booking.availability.store.SlotStore;
import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.Booking.Transition;
import dev.carillon.booking.reservation.BookingStatus;
import dev.carillon.booking.reservation.messaging.BookingEvents;
import dev.carillon.booking.reservation.messaging.WaitlistEvents;
import dev.carillon.booking.reservation.store.BookingStore;
import dev.carillon.booking.reservation.store.TracedBooking;
import dev.carillon.booking.reservation.store.TracedEntry;
import dev.carillon.booking.reservation.store.WaitlistStore;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Withdraws what is offered in slots that were closed: its places are given back, and who was to have them waits on, where they stood. They are offered
 * others of the resource, or this slot once it is open again, by the look for free places.
 */
@ApplicationScoped
class WithdrawOffers {
    private final SlotStore slots;
    private final BookingStore bookings;
    private final WaitlistStore waitlist;
    private final BookingEvents bookingEvents;
    private final WaitlistEvents waitlistEvents;
    private final Outbox outbox;
    private final HoldTimers holds;

    WithdrawOffers(
            SlotStore slots,
            BookingStore bookings,
            WaitlistStore waitlist,
            BookingEvents bookingEvents,
            WaitlistEvents waitlistEvents,
            Outbox outbox,
            HoldTimers holds) {
        this.slots = slots;
        this.bookings = bookings;
        this.waitlist = waitlist;
        this.bookingEvents = bookingEvents;
        this.waitlistEvents = waitlistEvents;
        this.outbox = outbox;
        this.holds = holds;
    }

    /** Locks the slots of those of these that are offers, until the transaction ends; for whoever locks something else before it withdraws. */
    Uni<Void> lockSlots(Tx tx, List<TracedBooking> any) {
        var offers = any.stream()
                .filter(one -> one.booking().status() == BookingStatus.PROPOSED)
                .toList();
        return slots.lock(tx, slotsOf(offers)).replaceWithVoid();
    }

    /**
     * Withdraws those of these that are offers.
     *
     * @param any locked by this transaction, which has locked no slot but by {@link #lockSlots}
     */
    Uni<Void> withdraw(Tx tx, List<TracedBooking> any, Instant now) {
        var withdrawn = withdrawn(any, now);
        return withdrawn.isEmpty()
                ? Uni.createFrom().voidItem()
                : slots.lock(tx, slotsOf(withdrawn))
                        .chain(locked -> slots.count(tx, without(locked, withdrawn)))
                        .chain(() -> save(tx, withdrawn, now))
                        .chain(() -> waitOn(tx, withdrawn, now));
    }

    private static List<TracedBooking> withdrawn(List<TracedBooking> any, Instant now) {
        return any.stream()
                .map(one -> withdrawn(one, now))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<TracedBooking> withdrawn(TracedBooking one, Instant now) {
        return one.booking().withdraw(now) instanceof Transition.Changed(Booking ended)
                ? Optional.of(one.with(ended))
                : Optional.empty();
    }

    private static Set<UUID> slotsOf(List<TracedBooking> offers) {
        return offers.stream().map(one -> one.booking().appointment().slotId()).collect(Collectors.toSet());
    }

    /** Nobody is passed these places: they are in closed slots. */
    private static List<Slot> without(List<Slot> locked, List<TracedBooking> withdrawn) {
        var places = withdrawn.stream()
                .map(TracedBooking::booking)
                .collect(Collectors.groupingBy(
                        booking -> booking.appointment().slotId(), Collectors.summingInt(Booking::places)));
        return locked.stream()
                .map(slot -> slot.giveBack(places.getOrDefault(slot.id(), 0)))
                .toList();
    }

    private Uni<Void> save(Tx tx, List<TracedBooking> withdrawn, Instant now) {
        return bookings.save(tx, withdrawn.stream().map(TracedBooking::booking).toList())
                .chain(() -> holds.disarm(
                        tx, withdrawn.stream().map(TracedBooking::id).toList()))
                .chain(() -> outbox.append(
                        tx,
                        withdrawn.stream()
                                .map(one -> bookingEvents.told(one.booking(), one.trace(), now))
                                .toList()));
    }

    private Uni<Void> waitOn(Tx tx, List<TracedBooking> withdrawn, Instant now) {
        return waitlist.lockOfOffers(
                        tx, withdrawn.stream().map(TracedBooking::id).toList())
                .chain(entries -> {
                    var waiting = entries.stream()
                            .map(one -> one.with(one.entry().withdrawn()))
                            .toList();
                    return waitlist.save(
                                    tx, waiting.stream().map(TracedEntry::entry).toList())
                            .chain(() -> outbox.append(
                                    tx,
                                    waiting.stream()
                                            .map(one -> waitlistEvents.withdrawn(one, now))
                                            .toList()));
                });
    }
}

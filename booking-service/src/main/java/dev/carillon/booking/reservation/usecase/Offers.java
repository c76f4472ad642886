package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.BookingSettings;
import dev.carillon.booking.availability.Slot;
import dev.carillon.booking.availability.store.SlotStore;
import dev.carillon.booking.reservation.Appointment;
import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.WaitlistEntry;
import dev.carillon.booking.reservation.messaging.BookingEvents;
import dev.carillon.booking.reservation.messaging.WaitlistEvents;
import dev.carillon.booking.reservation.store.BookingStore;
import dev.carillon.booking.reservation.store.TracedBooking;
import dev.carillon.booking.reservation.store.TracedEntry;
import dev.carillon.booking.reservation.store.WaitlistStore;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Passes places that are given back on to those who wait for them, in the transaction that gives them back: nobody else can book them in between, and
 * what is offered is counted like every other booking, so that no number of offers, holds and bookings ever exceeds a slot's capacity.
 */
@ApplicationScoped
class Offers {
    /** How many of those who wait are read at once. */
    private static final int AT_ONCE = 100;

    private final BookingSettings settings;
    private final SlotStore slots;
    private final BookingStore bookings;
    private final WaitlistStore waitlist;
    private final BookingEvents bookingEvents;
    private final WaitlistEvents waitlistEvents;
    private final EventIds ids;
    private final Outbox outbox;

    Offers(
            BookingSettings settings,
            SlotStore slots,
            BookingStore bookings,
            WaitlistStore waitlist,
            BookingEvents bookingEvents,
            WaitlistEvents waitlistEvents,
            EventIds ids,
            Outbox outbox) {
        this.settings = settings;
        this.slots = slots;
        this.bookings = bookings;
        this.waitlist = waitlist;
        this.bookingEvents = bookingEvents;
        this.waitlistEvents = waitlistEvents;
        this.ids = ids;
        this.outbox = outbox;
    }

    /**
     * Offers what is free in these slots, and writes how many places are taken then. The slots must be locked by this transaction.
     *
     * @param free as they are once places have been given back
     * @return what was offered; setting their timers is left to the caller
     */
    Uni<List<Booking>> passOn(Tx tx, Collection<Slot> free, Instant now) {
        if (free.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        var offering = new Offering(free, now);
        return waitlist.awaited(tx, free)
                .chain(awaited -> awaited.isEmpty() ? Uni.createFrom().voidItem() : offer(tx, offering, awaited))
                .chain(() -> write(tx, offering))
                .replaceWith(
                        () -> offering.made.stream().map(TracedBooking::booking).toList());
    }

    /** The earliest slot first: who waits for any slot of a resource is offered that one. */
    private Uni<Void> offer(Tx tx, Offering offering, Collection<UUID> awaited) {
        return bookings.appointments(tx, awaited).chain(appointments -> Multi.createFrom()
                .iterable(appointments.stream()
                        .sorted(Comparator.comparing(Appointment::startAt))
                        .toList())
                .onItem()
                .transformToUniAndConcatenate(appointment -> offer(tx, offering, appointment))
                .collect()
                .last()
                .replaceWithVoid());
    }

    /** Until nobody is left who fits: of those that were found together the first may take what others needed. */
    private Uni<Void> offer(Tx tx, Offering offering, Appointment appointment) {
        return waitlist.lockWaiting(tx, offering.slot(appointment.slotId()), AT_ONCE, offering.served())
                .chain(waiting -> offering.offer(appointment, waiting)
                                && offering.slot(appointment.slotId()).available() > 0
                        ? offer(tx, offering, appointment)
                        : Uni.createFrom().voidItem());
    }

    private Uni<Void> write(Tx tx, Offering offering) {
        return slots.count(tx, offering.slots.values())
                .chain(() -> bookings.insert(tx, offering.made))
                .chain(() -> waitlist.save(
                        tx, offering.offered.stream().map(TracedEntry::entry).toList()))
                .chain(() -> outbox.append(tx, offering.events()));
    }

    /** Decides who is offered what, over slots that are locked. */
    private final class Offering {
        private final Map<UUID, Slot> slots;
        private final Instant now;
        private final List<TracedBooking> made = new ArrayList<>();
        private final List<TracedEntry> offered = new ArrayList<>();

        Offering(Collection<Slot> free, Instant now) {
            this.slots = free.stream()
                    .collect(Collectors.toMap(Slot::id, Function.identity(), (a, b) -> b, LinkedHashMap::new));
            this.now = now;
        }

        Slot slot(UUID id) {
            return Objects.requireNonNull(slots.get(id));
        }

        /** Who has been offered something in this transaction; their rows say so only at its end. */
        List<UUID> served() {
            return offered.stream().map(TracedEntry::id).toList();
        }

        /** @return whether any of them is offered something */
        boolean offer(Appointment appointment, List<TracedEntry> waiting) {
            int before = offered.size();
            for (var one : waiting) {
                var slot = slot(appointment.slotId());
                var leadTime = appointment.rules().leadTime();
                if (slot.take(one.entry().places(), now, leadTime) instanceof Slot.Taking.Taken(Slot taken)) {
                    slots.put(taken.id(), taken);
                    propose(appointment, one);
                }
            }
            return offered.size() > before;
        }

        private void propose(Appointment appointment, TracedEntry one) {
            WaitlistEntry entry = one.entry();
            var booking = Booking.proposed(
                    ids.next(),
                    entry.tenant(),
                    appointment,
                    entry.places(),
                    entry.customer(),
                    earlier(now.plus(settings.offer()), appointment.startAt()),
                    now);
            made.add(new TracedBooking(booking, one.trace()));
            offered.add(one.with(entry.offered(booking.id())));
        }

        List<OutgoingEvent> events() {
            return Stream.concat(
                            made.stream().map(one -> bookingEvents.told(one.booking(), one.trace(), now)),
                            offered.stream().map(one -> waitlistEvents.told(one, now)))
                    .toList();
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }
}

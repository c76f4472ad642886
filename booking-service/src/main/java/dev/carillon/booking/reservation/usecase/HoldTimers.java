package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.BookingSettings;
import dev.carillon.booking.availability.Slot;
import dev.carillon.booking.availability.store.SlotStore;
import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.Booking.Transition;
import dev.carillon.booking.reservation.WaitlistEnd;
import dev.carillon.booking.reservation.messaging.BookingEvents;
import dev.carillon.booking.reservation.messaging.WaitlistEvents;
import dev.carillon.booking.reservation.store.BookingStore;
import dev.carillon.booking.reservation.store.TracedBooking;
import dev.carillon.booking.reservation.store.TracedEntry;
import dev.carillon.booking.reservation.store.WaitlistStore;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.timer.Due;
import dev.carillon.kit.timer.TimerSettings;
import dev.carillon.kit.timer.Timers;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Ends holds and offers when their time is over: the places are free again, or passed on, in the transaction that cancels the booking. */
@ApplicationScoped
public class HoldTimers {
    private final BookingSettings settings;
    private final Transactions transactions;
    private final BookingStore bookings;
    private final SlotStore slots;
    private final Offers offers;
    private final WaitlistStore waitlist;
    private final BookingEvents events;
    private final WaitlistEvents waitlistEvents;
    private final Outbox outbox;
    private final Timers timers;

    public HoldTimers(
            BookingSettings settings,
            TimerSettings timerSettings,
            Pool pool,
            Vertx vertx,
            Transactions transactions,
            BookingStore bookings,
            SlotStore slots,
            Offers offers,
            WaitlistStore waitlist,
            BookingEvents events,
            WaitlistEvents waitlistEvents,
            Outbox outbox,
            MeterRegistry metrics) {
        this.settings = settings;
        this.transactions = transactions;
        this.bookings = bookings;
        this.slots = slots;
        this.offers = offers;
        this.waitlist = waitlist;
        this.events = events;
        this.waitlistEvents = waitlistEvents;
        this.outbox = outbox;
        this.timers = new Timers("hold", pool, vertx, timerSettings, Duration.ZERO, this::expireDue);
        metrics.gauge("carillon.timer.held", Tags.of("kind", "hold"), timers, Timers::held);
        metrics.gauge(
                "carillon.clock.skew.seconds", timers, t -> t.clock().skew().toNanos() / 1e9);
    }

    void start(@Observes StartupEvent started) {
        timers.startAndAwait();
    }

    void stop(@Observes ShutdownEvent stopping) {
        timers.stopAndAwait(settings.stopPatience());
    }

    /** The database's clock, to the microsecond that it can keep. */
    public Instant now() {
        return timers.clock().instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Passes on what is free in these slots, which must be locked, and writes how many places are taken then. */
    Uni<Void> passOn(Tx tx, List<Slot> free, Instant now) {
        return offers.passOn(tx, free, now).chain(offered -> arm(tx, offered));
    }

    /** Sets the timers of those that are held or offered. */
    Uni<Void> arm(Tx tx, List<Booking> bookings) {
        var held = bookings.stream().filter(one -> one.holdExpiresAt() != null).toList();
        return timers.arm(
                tx,
                held.stream().map(Booking::id).toList(),
                held.stream().map(Booking::holdExpiresAt).toList());
    }

    Uni<Void> disarm(Tx tx, UUID booking) {
        return disarm(tx, List.of(booking));
    }

    Uni<Void> disarm(Tx tx, List<UUID> bookings) {
        return timers.disarm(tx, bookings);
    }

    private Uni<Void> expireDue(List<Due> due) {
        return transactions.inTransaction(
                tx -> bookings.lock(tx, due.stream().map(Due::id).toList())
                        .chain(found -> timers.take(tx, due).chain(taken -> expire(tx, found, taken))));
    }

    private Uni<Void> expire(Tx tx, List<TracedBooking> found, Set<UUID> taken) {
        var now = now();
        var expired = found.stream()
                .filter(one -> taken.contains(one.id()))
                .map(one -> expired(one, now))
                .flatMap(Optional::stream)
                .toList();
        return bookings.save(tx, expired.stream().map(TracedBooking::booking).toList())
                .chain(() -> giveBack(tx, expired, now))
                .chain(() -> endEntries(tx, expired, now))
                .chain(() -> outbox.append(
                        tx,
                        expired.stream()
                                .map(one -> events.told(one.booking(), one.trace(), now))
                                .toList()));
    }

    /** Its timer is taken, so it is due, even if the clock has been set back since. */
    private static Optional<TracedBooking> expired(TracedBooking held, Instant now) {
        var due = held.booking().holdExpiresAt();
        return held.booking().expire(due == null || due.isBefore(now) ? now : due)
                        instanceof Transition.Changed(Booking ended)
                ? Optional.of(held.with(ended))
                : Optional.empty();
    }

    private Uni<Void> endEntries(Tx tx, List<TracedBooking> expired, Instant now) {
        var offered = expired.stream()
                .filter(one -> Booking.OFFER_EXPIRED.equals(one.booking().cancellationReason()))
                .map(TracedBooking::id)
                .toList();
        return waitlist.lockOfOffers(tx, offered).chain(entries -> {
            var ended = entries.stream()
                    .map(one -> one.with(one.entry().cancelled(WaitlistEnd.OFFER_EXPIRED, now)))
                    .toList();
            return waitlist.save(tx, ended.stream().map(TracedEntry::entry).toList())
                    .chain(() -> outbox.append(
                            tx,
                            ended.stream()
                                    .map(one -> waitlistEvents.told(one, now))
                                    .toList()));
        });
    }

    private Uni<Void> giveBack(Tx tx, List<TracedBooking> ended, Instant now) {
        var bySlot = new HashMap<UUID, Integer>();
        ended.forEach(one ->
                bySlot.merge(one.booking().appointment().slotId(), one.booking().places(), Integer::sum));
        return bySlot.isEmpty()
                ? Uni.createFrom().voidItem()
                : slots.lock(tx, bySlot.keySet()).chain(locked -> passOn(tx, without(locked, bySlot), now));
    }

    private static List<Slot> without(List<Slot> locked, Map<UUID, Integer> places) {
        return locked.stream()
                .map(slot -> slot.giveBack(places.getOrDefault(slot.id(), 0)))
                .toList();
    }
}

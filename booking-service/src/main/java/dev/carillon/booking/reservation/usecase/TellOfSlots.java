package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.BookingSettings;
import dev.carillon.booking.availability.usecase.SlotFollowers;
import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.Booking.Transition;
import dev.carillon.booking.reservation.messaging.BookingEvents;
import dev.carillon.booking.reservation.store.BookingStore;
import dev.carillon.booking.reservation.store.TracedBooking;
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
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Tells of every booking whose slot was closed, or is open again, so that its customer hears of it, and withdraws what is offered in a slot that was closed.
 * Not in the transaction that closes the slot: that has the slot, and bookings are locked before slots. It sets a timer that is due at once; hundreds of
 * bookings share a transaction, and a crash loses none.
 */
@ApplicationScoped
public class TellOfSlots implements SlotFollowers {
    private static final int AT_ONCE = 500;

    private final BookingSettings settings;
    private final Transactions transactions;
    private final BookingStore bookings;
    private final BookingEvents events;
    private final WithdrawOffers offers;
    private final Outbox outbox;
    private final HoldTimers clock;
    private final Timers timers;

    public TellOfSlots(
            BookingSettings settings,
            TimerSettings timerSettings,
            Pool pool,
            Vertx vertx,
            Transactions transactions,
            BookingStore bookings,
            BookingEvents events,
            WithdrawOffers offers,
            Outbox outbox,
            HoldTimers clock,
            MeterRegistry metrics) {
        this.settings = settings;
        this.transactions = transactions;
        this.bookings = bookings;
        this.events = events;
        this.offers = offers;
        this.outbox = outbox;
        this.clock = clock;
        this.timers = new Timers("slot-news", pool, vertx, timerSettings, Duration.ZERO, this::tellDue);
        metrics.gauge("carillon.timer.held", Tags.of("kind", "slot-news"), timers, Timers::held);
    }

    void start(@Observes StartupEvent started) {
        timers.startAndAwait();
    }

    void stop(@Observes ShutdownEvent stopping) {
        timers.stopAndAwait(settings.stopPatience());
    }

    @Override
    public Uni<Void> follow(Tx tx, Collection<UUID> slots) {
        return slots.isEmpty()
                ? Uni.createFrom().voidItem()
                : timers.arm(tx, List.copyOf(slots), Collections.nCopies(slots.size(), clock.now()));
    }

    /** The timers are taken after the bookings and the slots are locked: whoever closes a slot waits for a timer that is taken. */
    private Uni<Void> tellDue(List<Due> due) {
        var slots = due.stream().map(Due::id).toList();
        return transactions.inTransaction(
                tx -> bookings.toBeToldOfSlot(tx, slots, AT_ONCE).chain(ids -> bookings.lock(tx, ids)
                        .call(found -> offers.lockSlots(tx, found))
                        .chain(found -> timers.take(tx, due).chain(taken -> tell(tx, found, taken)
                                .chain(() -> goOn(tx, taken, ids.size() == AT_ONCE))))));
    }

    /** By what the slots are now: when one is changed after this, its timer is set again. */
    private Uni<Void> tell(Tx tx, List<TracedBooking> found, Set<UUID> slots) {
        return bookings.closed(tx, slots).chain(closed -> {
            var now = clock.now();
            var told = in(slots, found).stream()
                    .map(one -> told(one, closed))
                    .flatMap(Optional::stream)
                    .toList();
            return bookings.save(tx, told.stream().map(TracedBooking::booking).toList())
                    .chain(() -> outbox.append(
                            tx,
                            told.stream()
                                    .map(one -> events.slotChanged(one.booking(), one.trace(), now))
                                    .toList()))
                    .chain(() -> offers.withdraw(tx, in(closed, found), now));
        });
    }

    private static List<TracedBooking> in(Set<UUID> slots, List<TracedBooking> found) {
        return found.stream()
                .filter(one -> slots.contains(one.booking().appointment().slotId()))
                .toList();
    }

    private static Optional<TracedBooking> told(TracedBooking one, Set<UUID> closed) {
        return one.booking()
                                .tellOfSlot(closed.contains(
                                        one.booking().appointment().slotId()))
                        instanceof Transition.Changed(Booking told)
                ? Optional.of(one.with(told))
                : Optional.empty();
    }

    private Uni<Void> goOn(Tx tx, Set<UUID> slots, boolean thereAreMore) {
        return thereAreMore && !slots.isEmpty()
                ? timers.armNew(tx, List.copyOf(slots), Collections.nCopies(slots.size(), clock.now()))
                : Uni.createFrom().voidItem();
    }
}

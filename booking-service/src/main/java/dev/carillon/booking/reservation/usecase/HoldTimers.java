package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.BookingSettings;
import dev.carillon.booking.availability.Slot;
import dev.carillon.booking.availability.store.SlotStore;
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
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Ends holds when their time is over: the places are free again in the transaction that cancels the booking. */
@ApplicationScoped
public class HoldTimers {
    private final BookingSettings settings;
    private final Transactions transactions;
    private final BookingStore bookings;
    private final SlotStore slots;
    private final BookingEvents events;
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
            BookingEvents events,
            Outbox outbox,
            MeterRegistry metrics) {
        this.settings = settings;
        this.transactions = transactions;
        this.bookings = bookings;
        this.slots = slots;
        this.events = events;
        this.outbox = outbox;
        this.timers = new Timers("hold", pool, vertx, timerSettings, Duration.ZERO, this::expireDue);
        metrics.gauge("carillon.timer.held", Tags.of("kind", "hold"), timers, Timers::held);
        metrics.gauge(
                "carillon.clock.skew.seconds", timers, t -> t.clock().skew().toNanos() / 1e9);
    }

    void start(@Observes StartupEvent started) {
        timers.start().await().atMost(Duration.ofSeconds(10));
    }

    void stop(@Observes ShutdownEvent stopping) {
        timers.stop(settings.stopPatience(), () -> true)
                .await()
                .atMost(settings.stopPatience().plusSeconds(2));
    }

    /** The database's clock, to the microsecond that it can keep. */
    public Instant now() {
        return timers.clock().instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** Sets the timers of those that are held. */
    Uni<Void> arm(Tx tx, List<Booking> bookings) {
        var held = bookings.stream().filter(one -> one.holdExpiresAt() != null).toList();
        return timers.arm(
                tx,
                held.stream().map(Booking::id).toList(),
                held.stream().map(Booking::holdExpiresAt).toList());
    }

    Uni<Void> disarm(Tx tx, UUID booking) {
        return timers.disarm(tx, List.of(booking));
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
                .chain(() -> giveBack(tx, expired))
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

    private Uni<Void> giveBack(Tx tx, List<TracedBooking> ended) {
        var bySlot = new HashMap<UUID, Integer>();
        ended.forEach(one ->
                bySlot.merge(one.booking().appointment().slotId(), one.booking().places(), Integer::sum));
        return bySlot.isEmpty()
                ? Uni.createFrom().voidItem()
                : slots.lock(tx, bySlot.keySet()).chain(locked -> slots.count(tx, without(locked, bySlot)));
    }

    private static List<Slot> without(List<Slot> locked, Map<UUID, Integer> places) {
        return locked.stream()
                .map(slot -> slot.giveBack(places.getOrDefault(slot.id(), 0)))
                .toList();
    }
}

package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.BookingSettings;
import dev.carillon.booking.availability.store.SlotStore;
import dev.carillon.booking.reservation.WaitlistEnd;
import dev.carillon.booking.reservation.messaging.WaitlistEvents;
import dev.carillon.booking.reservation.store.TracedEntry;
import dev.carillon.booking.reservation.store.WaitlistStore;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Finds places that are free although somebody waits for such, and offers them: a capacity was raised, a slot was opened, or who was to be offered what
 * somebody gave back was locked just then. Every instance looks; the slots' locks let one of them offer. Who waits for a slot that has begun is told so.
 */
@ApplicationScoped
class FreePlaces {
    private static final Logger LOG = Logger.getLogger(FreePlaces.class);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int SLOTS_AT_ONCE = 50;
    private static final int ENTRIES_AT_ONCE = 500;

    private final Vertx vertx;
    private final BookingSettings settings;
    private final Transactions transactions;
    private final SlotStore slots;
    private final WaitlistStore waitlist;
    private final WaitlistEvents events;
    private final Outbox outbox;
    private final HoldTimers holds;
    private final AtomicBoolean looking = new AtomicBoolean();
    private long timer;

    FreePlaces(
            Vertx vertx,
            BookingSettings settings,
            Transactions transactions,
            SlotStore slots,
            WaitlistStore waitlist,
            WaitlistEvents events,
            Outbox outbox,
            HoldTimers holds) {
        this.vertx = vertx;
        this.settings = settings;
        this.transactions = transactions;
        this.slots = slots;
        this.waitlist = waitlist;
        this.events = events;
        this.outbox = outbox;
        this.holds = holds;
    }

    void start(@Observes StartupEvent started) {
        timer = vertx.setPeriodic(settings.waitlistSweep().toMillis(), fired -> sweep());
    }

    void stop(@Observes ShutdownEvent stopping) {
        vertx.cancelTimer(timer);
    }

    /** One at a time: a slow database is not asked again before it has answered. */
    private void sweep() {
        if (looking.compareAndSet(false, true)) {
            offer(null)
                    .onFailure()
                    .invoke(failure ->
                            LOG.warnf("Places for those who wait were not looked for, tried again: %s", failure))
                    .onFailure()
                    .recoverWithNull()
                    .chain(this::endBegun)
                    .ifNoItem()
                    .after(LONGEST)
                    .fail()
                    .onTermination()
                    .invoke(() -> looking.set(false))
                    .subscribe()
                    .with(
                            done -> LOG.trace("The waitlists were looked through"),
                            failure -> LOG.warnf("The waitlists were not looked through, tried again: %s", failure));
        }
    }

    /**
     * Offers what is free to those who wait.
     *
     * @param resource only its slots; null for all
     */
    Uni<Void> offer(@Nullable UUID resource) {
        return waitlist.free(resource, holds.now(), SLOTS_AT_ONCE)
                .chain(free -> free.isEmpty()
                        ? Uni.createFrom().voidItem()
                        : transactions.inTransaction(
                                tx -> slots.lock(tx, free).chain(locked -> holds.passOn(tx, locked, holds.now()))));
    }

    private Uni<Void> endBegun() {
        return transactions.inTransaction(tx -> waitlist.lockBegun(tx, holds.now(), ENTRIES_AT_ONCE)
                .chain(begun -> begun.isEmpty() ? Uni.createFrom().voidItem() : end(tx, begun)));
    }

    private Uni<Void> end(Tx tx, List<TracedEntry> begun) {
        var now = holds.now();
        var ended = begun.stream()
                .map(one -> one.with(one.entry().cancelled(WaitlistEnd.SLOT_BEGAN, now)))
                .toList();
        return waitlist.save(tx, ended.stream().map(TracedEntry::entry).toList())
                .chain(() -> outbox.append(
                        tx, ended.stream().map(one -> events.told(one, now)).toList()));
    }
}

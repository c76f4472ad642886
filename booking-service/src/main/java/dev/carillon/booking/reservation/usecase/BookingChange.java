package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.reservation.Actor;
import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.store.BookingStore;
import dev.carillon.booking.reservation.store.TracedBooking;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.tx.Gate;
import dev.carillon.kit.tx.Outages;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What every change of one booking has in common: its key is judged, its row locked and the client's revision compared; then it is decided, and what
 * changed, its event and the key are written, all in one transaction.
 */
@ApplicationScoped
class BookingChange {
    /**
     * Which booking a client means.
     *
     * @param revision null for any
     */
    record Wish(String tenant, UUID id, @Nullable Integer revision, IdempotencyKeys.@Nullable Key key) {}

    /** Decides what becomes of the locked booking, and writes what it comes to; when it refuses, nothing, unless it says otherwise. */
    @FunctionalInterface
    interface Decision {
        Uni<Outcome> decide(Tx tx, TracedBooking booking);
    }

    /** How long a lock that others have is waited for, and how often it is tried again: three seconds in all, as bookings do. */
    private static final Duration LOCK_WAIT = Duration.ofSeconds(1);

    private static final int LOCKED_AGAIN = 2;
    /** Of twenty connections; so many may wait for what is locked, and whatever else is asked finds one. */
    private static final int AT_ONCE = 8;

    private static final Duration LONGEST_QUEUE = Duration.ofSeconds(10);

    private final Gate gate = new Gate(AT_ONCE, LONGEST_QUEUE);
    private final Transactions transactions;
    private final IdempotencyKeys keys;
    private final BookingStore bookings;
    private final Outbox outbox;

    BookingChange(Transactions transactions, IdempotencyKeys keys, BookingStore bookings, Outbox outbox) {
        this.transactions = transactions;
        this.keys = keys;
        this.bookings = bookings;
        this.outbox = outbox;
    }

    /** {@link Outcome.SlotLocked} comes after a few seconds in which others had locked what it needs. */
    Uni<Outcome> apply(Wish wish, Decision decision) {
        return gate.pass(() -> transactions
                        .inTransaction(tx -> tx.waitForLocks(LOCK_WAIT).chain(() -> apply(tx, wish, decision)))
                        // Many may want the row of a hot slot.
                        .onFailure(Outages::isLockConflict)
                        .retry()
                        .atMost(LOCKED_AGAIN))
                .onFailure(Outages::isLockConflict)
                .recoverWithItem(failure -> new Outcome.SlotLocked());
    }

    /**
     * The same on the caller's transaction, which has locked no booking, customer or slot, and says how long locks are waited for. What is refused has written
     * nothing, except by a decision that says so.
     */
    Uni<Outcome> apply(Tx tx, Wish wish, Decision decision) {
        return keys.judge(tx, Collections.singletonList(wish.key))
                .chain(verdicts -> verdicts.getFirst() instanceof Verdict.Fresh
                        ? lock(tx, wish, decision)
                        : Uni.createFrom().item(new Outcome.Decided(verdicts.getFirst())));
    }

    /** Why {@code by} may not change what is booked any more, though its state allows it. */
    static Optional<Outcome> refusal(Booking booking, Actor by, Instant now) {
        var appointment = booking.appointment();
        return by == Actor.CUSTOMER && booking.isNoticeMissed(now)
                ? Optional.of(new Outcome.NoticeTooShort(appointment.rules().noticeEnds(appointment.startAt())))
                : Optional.empty();
    }

    /** Saves a booking as it is now, and tells of it. */
    Uni<Void> save(Tx tx, Booking changed, OutgoingEvent event) {
        return bookings.save(tx, List.of(changed)).chain(() -> outbox.append(tx, event));
    }

    private Uni<Outcome> lock(Tx tx, Wish wish, Decision decision) {
        return bookings.lock(tx, List.of(wish.id)).chain(found -> {
            if (found.isEmpty() || !found.getFirst().booking().tenant().equals(wish.tenant)) {
                return Uni.createFrom().item(new Outcome.NoSuchBooking());
            }
            int actual = found.getFirst().booking().revision();
            return wish.revision != null && wish.revision != actual
                    ? Uni.createFrom().item(new Outcome.OtherRevision(actual))
                    : decision.decide(tx, found.getFirst()).call(outcome -> remember(tx, outcome, wish));
        });
    }

    /** Refusals are not remembered: they may be tried again. */
    private Uni<Void> remember(Tx tx, Outcome outcome, Wish wish) {
        return wish.key != null && outcome instanceof Outcome.Done
                ? keys.remember(tx, List.of(new IdempotencyKeys.Answered(wish.key, 200, wish.id)))
                : Uni.createFrom().voidItem();
    }
}

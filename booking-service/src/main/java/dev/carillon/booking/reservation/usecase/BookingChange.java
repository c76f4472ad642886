package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.reservation.Actor;
import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.store.BookingStore;
import dev.carillon.booking.reservation.store.TracedBooking;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.tx.Outages;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
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

    /** Decides what becomes of the locked booking, and writes what it comes to besides the booking itself. */
    @FunctionalInterface
    interface Decision {
        Uni<Outcome> decide(Tx tx, TracedBooking booking);
    }

    /** How often it is tried again when others kept a row locked for too long. */
    private static final int LOCKED_AGAIN = 3;

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

    Uni<Outcome> apply(Wish wish, Decision decision) {
        return transactions
                .inTransaction(tx -> apply(tx, wish, decision))
                // Many may want the row of a hot slot.
                .onFailure(Outages::isLockConflict)
                .retry()
                .atMost(LOCKED_AGAIN);
    }

    /** The same on the caller's transaction, which has locked no booking, customer or slot. What is refused has written nothing. */
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

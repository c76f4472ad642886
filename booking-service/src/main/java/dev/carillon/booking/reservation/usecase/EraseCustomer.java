package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.reservation.CustomerReference;
import dev.carillon.booking.reservation.messaging.BookingEvents;
import dev.carillon.booking.reservation.messaging.WaitlistEvents;
import dev.carillon.booking.reservation.store.BookingStore;
import dev.carillon.booking.reservation.store.CustomerStore;
import dev.carillon.booking.reservation.store.CustomerStore.Count;
import dev.carillon.booking.reservation.store.WaitlistStore;
import dev.carillon.booking.reservation.usecase.Erasure.Active;
import dev.carillon.booking.reservation.usecase.Erasure.Decided;
import dev.carillon.booking.reservation.usecase.Erasure.Erased;
import dev.carillon.booking.reservation.usecase.Erasure.NoSuchCustomer;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Answered;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.outbox.Outbox;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Takes a customer's personal data out of all their bookings, and tells of each: the events that follow have no more of it. Nothing is taken while one
 * of the bookings is neither cancelled nor over. Hundreds share a transaction; what was interrupted is finished by the next request.
 */
@ApplicationScoped
public class EraseCustomer {
    private static final int AT_ONCE = 500;
    private static final int MOST_NAMED = 100;

    private final Transactions transactions;
    private final IdempotencyKeys keys;
    private final CustomerStore customers;
    private final BookingStore bookings;
    private final WaitlistStore waitlist;
    private final ChatsOfCustomers chats;
    private final BookingEvents events;
    private final WaitlistEvents waitlistEvents;
    private final Outbox outbox;
    private final HoldTimers holds;
    private final Traces traces;

    EraseCustomer(
            Transactions transactions,
            IdempotencyKeys keys,
            CustomerStore customers,
            BookingStore bookings,
            WaitlistStore waitlist,
            ChatsOfCustomers chats,
            BookingEvents events,
            WaitlistEvents waitlistEvents,
            Outbox outbox,
            HoldTimers holds,
            Traces traces) {
        this.transactions = transactions;
        this.keys = keys;
        this.customers = customers;
        this.bookings = bookings;
        this.waitlist = waitlist;
        this.chats = chats;
        this.events = events;
        this.waitlistEvents = waitlistEvents;
        this.outbox = outbox;
        this.holds = holds;
        this.traces = traces;
    }

    /**
     * Whose bookings lose what.
     *
     * @param before what was kept before anything was erased; afterwards no address finds it
     */
    private record Wish(String tenant, CustomerReference customer, Count before, IdempotencyKeys.@Nullable Key key) {
        /** What the key stands for is how many bookings are kept, written as a UUID: customers have none. */
        List<Answered> answered(long kept) {
            return key == null ? List.of() : List.of(new Answered(key, 200, new UUID(0, kept)));
        }
    }

    /**
     * What one request has erased in its transactions so far, whenever it came: also what was booked after it had counted.
     *
     * @param hasTalked whether a conversation was forgotten: who has only talked is a customer, too
     */
    private record Progress(long bookings, long entries, boolean hasTalked) {
        private static final Progress NONE = new Progress(0, 0, false);

        private Progress and(int moreBookings, int moreEntries, boolean hasTalkedToo) {
            return new Progress(bookings + moreBookings, entries + moreEntries, hasTalked || hasTalkedToo);
        }

        private boolean isNone() {
            return bookings + entries == 0 && !hasTalked;
        }
    }

    /**
     * A transaction's end.
     *
     * @param outcome empty when there is more to be done
     */
    private record Batch(Progress progress, Optional<Erasure> outcome) {}

    public Uni<Erasure> erase(String tenant, CustomerReference customer, IdempotencyKeys.@Nullable Key key) {
        return transactions
                .inTransaction(tx -> customers.count(tx, tenant, customer))
                .chain(before -> erase(new Wish(tenant, customer, before, key), Progress.NONE));
    }

    private Uni<Erasure> erase(Wish wish, Progress progress) {
        return transactions
                .inTransaction(tx -> keys.judge(tx, Collections.singletonList(wish.key))
                        .chain(verdicts -> judged(tx, wish, progress, verdicts.getFirst())))
                .chain(batch -> batch.outcome.isPresent()
                        ? Uni.createFrom().item(batch.outcome.get())
                        : erase(wish, batch.progress));
    }

    private Uni<Batch> judged(Tx tx, Wish wish, Progress progress, Verdict verdict) {
        if (verdict instanceof Verdict.Fresh) {
            return eraseSome(tx, wish, progress);
        }
        return ended(
                progress,
                verdict instanceof Verdict.Repeated repeated
                        ? new Erased(repeated.resourceId().getLeastSignificantBits(), true)
                        : new Decided(verdict));
    }

    /** What is locked stays as it is, so that none of it is booked anew or moved to a later time once it was found to be over. */
    private Uni<Batch> eraseSome(Tx tx, Wish wish, Progress progress) {
        return chats.lock(tx, wish.tenant, wish.customer).chain(talking -> eraseSome(tx, wish, progress, talking));
    }

    private Uni<Batch> eraseSome(Tx tx, Wish wish, Progress progress, List<UUID> talking) {
        var now = holds.now();
        return customers.lockNamed(tx, wish.tenant, wish.customer, AT_ONCE).chain(locked -> customers
                .active(tx, wish.tenant, wish.customer, now, MOST_NAMED)
                .chain(active -> active.isEmpty()
                        ? erase(tx, locked)
                                .chain(() -> chats.erase(tx, talking))
                                .chain(() -> eraseEntries(tx, wish))
                                .chain(entries ->
                                        finish(tx, wish, progress.and(locked.size(), entries, !talking.isEmpty())))
                        : ended(progress, new Active(active))));
    }

    private Uni<Void> erase(Tx tx, List<UUID> locked) {
        return customers
                .erase(tx, locked)
                .chain(() -> bookings.lock(tx, locked))
                .chain(erased -> {
                    var now = holds.now();
                    return outbox.append(
                            tx,
                            erased.stream()
                                    .map(one -> events.corrected(one.booking(), traces.current(), now))
                                    .toList());
                });
    }

    /** Who waits is taken off the list; one that has just been offered something is a booking that is not over, found the next time. */
    private Uni<Integer> eraseEntries(Tx tx, Wish wish) {
        var now = holds.now();
        return waitlist.leaveAndErase(tx, wish.tenant, wish.customer, now)
                .chain(left -> waitlist.eraseEnded(tx, wish.tenant, wish.customer)
                        .chain(ended -> outbox.append(
                                        tx,
                                        Stream.concat(
                                                        left.stream().map(one -> waitlistEvents.told(one, now)),
                                                        ended.stream().map(one -> waitlistEvents.corrected(one, now)))
                                                .toList())
                                .replaceWith(left.size() + ended.size())));
    }

    private Uni<Batch> finish(Tx tx, Wish wish, Progress progress) {
        return customers.count(tx, wish.tenant, wish.customer).chain(after -> finish(tx, wish, progress, after));
    }

    private Uni<Batch> finish(Tx tx, Wish wish, Progress progress, Count after) {
        if (!after.isErased()) {
            return Uni.createFrom().item(new Batch(progress, Optional.empty()));
        }
        if (wish.before.isEmpty() && progress.isNone()) {
            return ended(progress, new NoSuchCustomer());
        }
        // By an id, all are found afterwards, too, whoever has erased them; by an address, none.
        long kept = Math.max(wish.before.erasedBookings() + progress.bookings, after.bookings());
        return keys.remember(tx, wish.answered(kept)).chain(() -> ended(progress, new Erased(kept, false)));
    }

    private static Uni<Batch> ended(Progress progress, Erasure outcome) {
        return Uni.createFrom().item(new Batch(progress, Optional.of(outcome)));
    }
}

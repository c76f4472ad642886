package dev.carillon.booking.reservation.usecase;

import dev.carillon.booking.BookingSettings;
import dev.carillon.booking.reservation.Customer;
import dev.carillon.booking.reservation.usecase.BookTogether.Result;
import dev.carillon.booking.reservation.usecase.LockedSlots.Need;
import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.idempotency.IdempotencyKeys.Verdict;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.GroupCommit;
import dev.carillon.kit.tx.Outages;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Books places in a slot. Requests that come at the same time share a transaction, in which they are decided one after another as they came. So a slot is
 * never oversold, under any number of instances, and a hot one is not limited to one commit for each booking.
 *
 * <p>A slot's requests all go by one lane, which makes one group at a time: groups of one instance never meet at a slot, and a connection that has gone silent
 * stops its lane alone. What others have locked is waited for shortly. Then the group goes on without the requests that need it; these wait among themselves,
 * and are refused in the end. While some wait so, who comes for the same does not try, but joins them.
 */
@ApplicationScoped
public class BookSlot {
    /**
     * A wish.
     *
     * @param hold how long the places are held without a confirmation; null to book them at once
     */
    public record Request(
            String tenant,
            UUID slotId,
            int places,
            Customer customer,
            @Nullable Duration hold,
            TraceContext trace,
            IdempotencyKeys.@Nullable Key key) {
        private boolean isRepeatOf(Request other) {
            return key != null
                    && other.key != null
                    && key.value().equals(other.key.value())
                    && key.path().equals(other.key.path())
                    && key.tenant().equals(other.key.tenant());
        }
    }

    /** How long a group waits for each lock, before it goes on without those of its requests that need it; well below what the limits call slow. */
    private static final Duration SHORT_WAIT = Duration.ofMillis(100);
    /** Who waits: never more than half of those that are let in when fewest are, and with four connections at most. */
    private static final LockedSlots.Limits WAITING =
            new LockedSlots.Limits(128, 64, 2, SHORT_WAIT, Duration.ofSeconds(3), Duration.ofSeconds(1));
    /** How often a request is tried that finds something else locked each time, or no place to wait for it. */
    private static final int MOST_TIMES = 3;

    private final Transactions transactions;
    private final BookTogether bookTogether;
    private final List<GroupCommit<Request, Result>> lanes;
    private final LockedSlots<Request, Result> locked;

    BookSlot(
            Vertx vertx,
            Traces traces,
            BookingSettings settings,
            Transactions transactions,
            BookTogether bookTogether) {
        this.transactions = transactions;
        this.bookTogether = bookTogether;
        this.locked = new LockedSlots<>(vertx, traces, "bookings of locked slots", WAITING, this::commitLine);
        this.lanes = lanes(vertx, traces, settings);
    }

    private List<GroupCommit<Request, Result>> lanes(Vertx vertx, Traces traces, BookingSettings settings) {
        if (settings.bookGroups() < 1) {
            throw new IllegalArgumentException("carillon.booking.book-groups must be 1 or more");
        }
        var limits = GroupCommit.Limits.of(settings.bookGroup(), settings.bookGroupsOfLane())
                .withLongestQueue(settings.bookQueue());
        return Stream.generate(() -> new GroupCommit<Request, Result>(
                        vertx, traces, "bookings", limits, group -> commit(group, SHORT_WAIT, locked::isLocked)))
                .limit(settings.bookGroups())
                .toList();
    }

    /**
     * {@link Outcome.SlotLocked} comes after a few seconds, and of those requests alone that need what is locked; at once when many wait for it already.
     *
     * @param whenWaiting is run when it begins to wait for what others have locked: how long it takes then says nothing of this instance
     */
    public Uni<Outcome> book(Request request, Runnable whenWaiting) {
        return book(request, whenWaiting, 1);
    }

    /**
     * The same on the caller's transaction, which has locked neither customers nor slots, which says how long locks are waited for, and which sees to it that
     * nothing is done twice: the request has no key. What is refused has written nothing.
     */
    public Uni<Outcome> book(Tx tx, Request request) {
        return bookTogether.bookAlone(tx, request);
    }

    private Uni<Outcome> book(Request request, Runnable whenWaiting, int time) {
        var lane = lanes.get(Math.floorMod(request.slotId.hashCode(), lanes.size()));
        return lane.submit(request).chain(result -> outcome(request, result, whenWaiting, time));
    }

    private Uni<Outcome> outcome(Request request, Result result, Runnable whenWaiting, int time) {
        return switch (result) {
            case Result.Answered(Outcome outcome) -> Uni.createFrom().item(outcome);
            case Result.LeftOut(Need need) -> await(request, need, whenWaiting, time);
        };
    }

    /** What more want than may wait for it, and is not known to be locked for long, is tried once more as if nothing had been. */
    private Uni<Outcome> await(Request request, Need need, Runnable whenWaiting, int time) {
        whenWaiting.run();
        if (locked.awaitsAny(request::isRepeatOf)) {
            return Uni.createFrom().item(new Outcome.Decided(new Verdict.InProgress()));
        }
        if (time > MOST_TIMES) {
            return Uni.createFrom().item(new Outcome.SlotLocked());
        }
        if (time < MOST_TIMES && !locked.hasRoomFor(need) && !locked.isLocked(need)) {
            return book(request, whenWaiting, time + 1);
        }
        return locked.await(need, request)
                .chain(result -> result.isPresent()
                        ? outcome(request, result.get(), whenWaiting, time + 1)
                        : Uni.createFrom().item(new Outcome.SlotLocked()));
    }

    private Uni<List<Optional<Result>>> commitLine(Need need, List<Request> line, Duration longest) {
        var leftOut = new Result.LeftOut(need);
        return commit(line, longest, any -> false).map(results -> results.stream()
                .map(result -> Optional.of(result).filter(one -> !one.equals(leftOut)))
                .toList());
    }

    /** @param isLocked what is not even tried */
    private Uni<List<Result>> commit(List<Request> group, Duration longest, Predicate<Need> isLocked) {
        return transactions
                .inTransaction(tx -> tx.waitForLocks(longest).chain(() -> bookTogether.book(tx, group, isLocked)))
                .onFailure(Outages::isLockConflict)
                .recoverWithUni(() -> transactions.inTransaction(tx -> bookTogether.bookFree(tx, group, isLocked)));
    }
}

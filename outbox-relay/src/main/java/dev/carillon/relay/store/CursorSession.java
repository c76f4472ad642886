package dev.carillon.relay.store;

import dev.carillon.kit.tx.BoundedPool;
import dev.carillon.relay.Lane;
import dev.carillon.relay.LaneLease;
import dev.carillon.relay.OutboxEvents.ParkOutcome;
import dev.carillon.relay.OutboxEvents.Parking;
import dev.carillon.relay.OutboxEvents.Read;
import dev.carillon.relay.OutboxEvents.Wanted;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One connection and the cursors that were loaded on it, which are worth nothing without it: a database that has crashed may give transaction ids
 * out again that a snapshot taken before calls ended, and what follows such a snapshot would not be all. Whatever fails here ends the session.
 *
 * <p>What loads or writes goes one after another, whoever asks for it: nothing else may fall into a parking's transaction, to be undone with it.
 */
final class CursorSession {
    private static final String LOCK_LEASE =
            "SELECT lane FROM outbox_lane WHERE lane = $1 AND epoch = $2 AND owner = $3 FOR UPDATE";

    private final SqlConnection connection;
    private final Partitions partitions;
    private final Positions positions;
    private final CursorReads reads;
    private final Map<Lane, LaneCursor> cursors = new ConcurrentSkipListMap<>();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong answers = new AtomicLong();
    private Future<?> lastInTurn = Future.succeededFuture();

    CursorSession(SqlConnection connection, Partitions partitions, Positions positions) {
        this.connection = connection;
        this.partitions = partitions;
        this.positions = positions;
        this.reads = new CursorReads(connection, partitions);
    }

    /** Runs {@code work}, and keeps account of whether it was answered. */
    <T> Future<T> asking(Function<CursorSession, Future<T>> work) {
        waiting.incrementAndGet();
        return work.apply(this).onComplete(answered -> {
            answers.incrementAndGet();
            waiting.decrementAndGet();
        });
    }

    boolean isWaiting() {
        return waiting.get() > 0;
    }

    long answers() {
        return answers.get();
    }

    private synchronized <T> Future<T> inTurn(Supplier<Future<T>> work) {
        Future<T> mine = lastInTurn.transform(before -> work.get());
        lastInTurn = mine;
        return mine;
    }

    /** Loads those that are not open yet. */
    Future<Void> open(Collection<LaneLease> leases) {
        return inTurn(() -> load(leases));
    }

    private Future<Void> load(Collection<LaneLease> leases) {
        List<LaneLease> missing =
                leases.stream().filter(lease -> find(lease) == null).toList();
        return missing.isEmpty()
                ? Future.succeededFuture()
                : positions
                        .load(connection, missing)
                        .onSuccess(loaded -> missing.forEach(lease -> open(lease, loaded.get(lease.lane()))))
                        .mapEmpty();
    }

    private void open(LaneLease lease, @Nullable Position saved) {
        cursors.put(lease.lane(), new LaneCursor(lease, saved == null ? Position.START : saved, System.nanoTime()));
    }

    private @Nullable LaneCursor find(LaneLease lease) {
        @Nullable LaneCursor cursor = cursors.get(lease.lane());
        return cursor != null && cursor.lease().equals(lease) ? cursor : null;
    }

    Future<Read> read(Wanted wanted) {
        return reads.read(these(wanted.lanes()), wanted);
    }

    private List<LaneCursor> these(Collection<LaneLease> leases) {
        List<LaneCursor> these = new ArrayList<>();
        for (LaneLease lease : leases) {
            @Nullable LaneCursor cursor = find(lease);
            if (cursor != null) {
                these.add(cursor);
            }
        }
        return these;
    }

    void settle(Map<LaneLease, ? extends Collection<Long>> acknowledged) {
        acknowledged.forEach((lease, seqs) -> {
            @Nullable LaneCursor cursor = find(lease);
            if (cursor != null) {
                seqs.forEach(cursor::settle);
            }
        });
    }

    /** Answers whose lease did not count: their cursors are gone. */
    Future<Set<LaneLease>> save(String owner) {
        return inTurn(() -> save(owner, cursors.values()));
    }

    private Future<Set<LaneLease>> save(String owner, Collection<LaneCursor> these) {
        Map<LaneLease, Position> due = new LinkedHashMap<>();
        long now = System.nanoTime();
        for (LaneCursor cursor : these) {
            @Nullable Position position = cursor.due(now);
            if (position != null) {
                due.put(cursor.lease(), position);
            }
        }
        if (due.isEmpty()) {
            return Future.succeededFuture(Set.of());
        }
        return positions.save(connection, owner, due).compose(counted -> {
            Set<LaneLease> lost = new HashSet<>(due.keySet());
            lost.removeIf(lease -> counted.contains(lease.lane()));
            forget(lost);
            return positions.saved(connection, counted.size()).map(lost);
        });
    }

    Future<Void> close(String owner, Collection<LaneLease> leases) {
        List<LaneCursor> closing = these(leases);
        forget(leases);
        return inTurn(() -> save(owner, closing).mapEmpty());
    }

    void forget(Collection<LaneLease> leases) {
        leases.forEach(lease -> {
            @Nullable LaneCursor cursor = find(lease);
            if (cursor != null) {
                cursors.remove(lease.lane(), cursor);
            }
        });
    }

    /** In one transaction with the position, which then passes the parked ones by. */
    Future<ParkOutcome> park(String owner, LaneLease lease, List<Parking> parkings) {
        return inTurn(() -> parkInTransaction(owner, lease, parkings));
    }

    private Future<ParkOutcome> parkInTransaction(String owner, LaneLease lease, List<Parking> parkings) {
        @Nullable LaneCursor cursor = find(lease);
        if (cursor == null) {
            return Future.succeededFuture(new ParkOutcome.LeaseLost());
        }
        return partitions.over(connection, statements -> connection.begin().compose(transaction -> connection
                .preparedQuery(LOCK_LEASE)
                .execute(Tuple.of((short) lease.lane().number(), lease.epoch(), owner))
                .compose(locked -> locked.size() == 0
                        ? Future.<ParkOutcome>succeededFuture(new ParkOutcome.LeaseLost())
                        : park(statements, owner, cursor, parkings))
                .compose(outcome -> transaction.commit().map(outcome))
                .recover(failure ->
                        transaction.rollback().transform(rolledBack -> Future.<ParkOutcome>failedFuture(failure)))));
    }

    private Future<ParkOutcome> park(
            OutboxStatements statements, String owner, LaneCursor cursor, List<Parking> parkings) {
        Set<Long> parked = new HashSet<>();
        return insert(statements, cursor, parkings, parking -> parking.refusal() != null)
                .onSuccess(parked::addAll)
                .compose(refused -> insert(statements, cursor, parkings, parking -> parking.refusal() == null))
                .onSuccess(parked::addAll)
                .compose(
                        followers -> positions.save(connection, owner, Map.of(cursor.lease(), cursor.position(parked))))
                .map(saved -> {
                    // Before the commit, which decides: when that fails the session ends, and this cursor with it.
                    parked.forEach(cursor::settle);
                    return new ParkOutcome.Parked(parked.size());
                });
    }

    private Future<Set<Long>> insert(
            OutboxStatements statements, LaneCursor cursor, List<Parking> parkings, Predicate<Parking> which) {
        Map<Long, String> handed = cursor.forgotten(Set.of(), Set.of());
        List<Parking> these = parkings.stream()
                .filter(which)
                .filter(parking -> handed.containsKey(parking.seq()))
                .toList();
        Short lane = (short) cursor.lease().lane().number();
        Tuple parameters = Tuple.of(
                these.stream().map(parking -> lane).toArray(Short[]::new),
                these.stream().map(parking -> handed.get(parking.seq())).toArray(String[]::new),
                these.stream().map(Parking::seq).toArray(Long[]::new),
                these.stream()
                        .map(parking -> parking.refusal() == null ? "" : parking.refusal())
                        .toArray(String[]::new));
        return connection.preparedQuery(statements.park).execute(parameters).map(rows -> {
            Set<Long> parked = new HashSet<>();
            rows.forEach(row -> parked.add(row.getLong("seq")));
            return parked;
        });
    }

    /** For good: the next session gets another connection, for this one may be silent. May be repeated. */
    void end() {
        if (ended.compareAndSet(false, true)) {
            cursors.clear();
            BoundedPool.cutOff(connection);
        }
    }
}

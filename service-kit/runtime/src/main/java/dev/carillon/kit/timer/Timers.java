package dev.carillon.kit.timer;

import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.core.impl.ContextInternal;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/**
 * The durable timers of one service, over the table {@code timer}.
 *
 * <pre>
 *   armed ──claimed by a node──> held in memory ──due──> firing ──taken (row deleted or moved)──> done
 *     ▲                               │                     │
 *     └──────── lease expired ────────┴─── firing failed ───┘   (tried again, here or on another node)
 * </pre>
 *
 * <p>A service arms in its own transactions and gives a {@link Firing} that takes the due ones in its own transaction; {@link #take} and
 * {@link #takeAndMove} are the compare-and-set that lets each timer fire once.
 */
public final class Timers {
    private static final Logger LOG = Logger.getLogger(Timers.class);
    private static final Duration OVERDUE = Duration.ofSeconds(2);
    private static final Duration RETRY = Duration.ofMillis(250);

    private static final String ARM = """
            INSERT INTO timer AS t (id, due_at, claimed_by)
            SELECT a.id, a.due_at, CASE WHEN a.due_at < clock_timestamp() + $3::bigint * interval '1 ms' THEN $4::bigint END
            FROM unnest($1::uuid[], $2::timestamptz[]) AS a (id, due_at)
            ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, claimed_by = excluded.claimed_by, version = t.version + 1
            RETURNING id, due_at, version, claimed_by
            """;
    private static final String DISARM = "DELETE FROM timer WHERE id = ANY($1::uuid[])";
    private static final String TAKE = """
            DELETE FROM timer t USING unnest($1::uuid[], $2::bigint[]) AS d (id, version)
            WHERE t.id = d.id AND t.version = d.version AND t.claimed_by = $3
            RETURNING t.id
            """;
    private static final String TAKE_AND_MOVE = """
            UPDATE timer t SET due_at = $4, version = t.version + 1
            FROM unnest($1::uuid[], $2::bigint[]) AS d (id, version)
            WHERE t.id = d.id AND t.version = d.version AND t.claimed_by = $3
            RETURNING t.id, t.due_at, t.version, t.claimed_by
            """;
    // The limit holds before the lock; what another live node holds is left to it, what this node lost sight of is
    // found again.
    private static final String CLAIM = """
            WITH due AS (
                SELECT id FROM timer t
                WHERE due_at < clock_timestamp() + $2::bigint * interval '1 ms'
                  AND (claimed_by IS NULL
                       OR claimed_by = $1 AND due_at < clock_timestamp() - $3::bigint * interval '1 ms'
                       OR claimed_by <> $1 AND NOT EXISTS (
                              SELECT FROM timer_node n WHERE n.id = t.claimed_by AND n.expires_at > clock_timestamp()))
                ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED)
            UPDATE timer t SET claimed_by = $1 FROM due WHERE t.id = due.id
            RETURNING t.id, t.due_at, t.version, t.claimed_by
            """;

    /** What a service does with due timers. */
    @FunctionalInterface
    public interface Firing {
        /** Takes and fires these in one transaction; a failure means that they are tried again. */
        Uni<Void> fire(List<Due> due);
    }

    private final Pool pool;
    private final Vertx vertx;
    private final TimerSettings settings;
    private final Duration headStart;
    private final Firing firing;
    private final DatabaseClock clock = new DatabaseClock();
    private final NodeLease lease;
    private final DueQueue<Due> queue;
    private final Set<UUID> atWork = ConcurrentHashMap.newKeySet();
    private final Semaphore permits;
    private volatile boolean stopping;
    private volatile long lastClaimNanos;
    private volatile boolean claimAgain;

    /** @param headStart how long before its instant a timer is handed to {@code firing}; zero for never before it */
    public Timers(String name, Pool pool, Vertx vertx, TimerSettings settings, Duration headStart, Firing firing) {
        this.pool = pool;
        this.vertx = vertx;
        this.settings = settings;
        this.headStart = headStart;
        this.firing = firing;
        this.lease = new NodeLease(pool, name, settings.lease(), clock);
        this.permits = new Semaphore(settings.concurrency());
        this.queue = new DueQueue<>("timers-" + name, clock, settings.batch(), this::fire);
    }

    /** Registers this node and starts firing; fails when the database is not there. */
    public Uni<Void> start() {
        return lease.register().invoke(() -> {
            queue.start();
            long renewal = settings.lease().toMillis() / 5;
            vertx.getDelegate().setTimer(renewal, timer -> beat(renewal));
            claim();
        });
    }

    /**
     * Fires nothing more, waits for what is being fired and until {@code drained} holds (at most {@code patience}), and then lets other nodes take
     * over at once.
     */
    public Uni<Void> stop(Duration patience, BooleanSupplier drained) {
        stopping = true;
        queue.close();
        return Uni.createFrom()
                .item(() -> atWork.isEmpty() && drained.getAsBoolean())
                .repeat()
                .withDelay(Duration.ofMillis(20))
                .atMost(Math.max(1, patience.toMillis() / 20))
                .select()
                .where(Boolean::booleanValue)
                .toUni()
                .chain(lease::release);
    }

    /** The database's clock; timers are compared with it and with nothing else. */
    public DatabaseClock clock() {
        return clock;
    }

    /** Whether this node may still act on what it took: to be asked before anything that no transaction undoes. */
    public boolean holdsLease() {
        return lease.holds();
    }

    /** How many timers are in memory. */
    public int held() {
        return queue.size();
    }

    /** Arms timers, or moves those that are armed. One that is due within the window is leased by this node in the same statement. */
    public Uni<Void> arm(Tx tx, List<UUID> ids, List<Instant> dueAt) {
        if (ids.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        boolean room = lease.holds() && queue.size() + ids.size() < settings.held();
        return tx.list(
                        ARM,
                        Tuple.of(
                                ids.toArray(UUID[]::new),
                                dueAt.stream()
                                        .map(instant -> instant.atOffset(ZoneOffset.UTC))
                                        .toArray(OffsetDateTime[]::new),
                                room ? settings.window().toMillis() : Long.MIN_VALUE / 4_000_000,
                                lease.id()),
                        Timers::claimed)
                .invoke(claimed -> tx.afterEnd(() -> hold(claimed)))
                .replaceWithVoid();
    }

    public Uni<Void> arm(Tx tx, UUID id, Instant dueAt) {
        return arm(tx, List.of(id), List.of(dueAt));
    }

    /** Removes timers; one that is not armed is no error. */
    public Uni<Void> disarm(Tx tx, List<UUID> ids) {
        return ids.isEmpty()
                ? Uni.createFrom().voidItem()
                : tx.run(DISARM, Tuple.of(ids.toArray(UUID[]::new))).replaceWithVoid();
    }

    /** Takes due timers for good: those returned were this node's, in this version, and exist no more. */
    public Uni<Set<UUID>> take(Tx tx, List<Due> due) {
        return tx.list(TAKE, Tuple.of(ids(due), versions(due), lease.id()), row -> row.getUUID("id"))
                .map(HashSet::new);
    }

    /** Takes due timers and sets them to {@code dueAt} in the same statement: those returned were this node's, in this version. */
    public Uni<Set<UUID>> takeAndMove(Tx tx, List<Due> due, Instant dueAt) {
        return tx.list(
                        TAKE_AND_MOVE,
                        Tuple.of(ids(due), versions(due), lease.id(), dueAt.atOffset(ZoneOffset.UTC)),
                        Timers::claimed)
                .invoke(moved -> tx.afterEnd(() -> hold(moved)))
                .map(moved -> {
                    var taken = new HashSet<UUID>();
                    moved.forEach(one -> taken.add(one.due.id()));
                    return taken;
                });
    }

    private static UUID[] ids(List<Due> due) {
        return due.stream().map(Due::id).toArray(UUID[]::new);
    }

    private static Long[] versions(List<Due> due) {
        return due.stream().map(Due::version).toArray(Long[]::new);
    }

    private record Claimed(Due due, boolean here) {}

    private static Claimed claimed(Row row) {
        var due = new Due(row.getUUID("id"), row.getOffsetDateTime("due_at").toInstant(), row.getLong("version"));
        return new Claimed(due, row.getLong("claimed_by") != null);
    }

    private void hold(List<Claimed> claimed) {
        for (var one : claimed) {
            if (one.here) {
                queue.add(one.due.dueAt().minus(headStart), one.due);
            }
        }
    }

    private void beat(long renewal) {
        if (stopping) {
            return;
        }
        lease.renew()
                .chain(renewed -> renewed ? Uni.createFrom().voidItem() : startOver())
                .onFailure()
                .invoke(failure -> LOG.warnf("The timer lease was not renewed: %s", failure.getMessage()))
                .onTermination()
                .invoke(() -> vertx.getDelegate().setTimer(renewal, timer -> beat(renewal)))
                .subscribe()
                .with(
                        renewed -> claimWhenDue(),
                        failure ->
                                LOG.debugf(failure, "The timer lease was not renewed; tried again in %d ms", renewal));
    }

    private Uni<Void> startOver() {
        LOG.warn("The timer lease ended before it was renewed: everything held is dropped, and claimed anew");
        queue.clear();
        return lease.register().invoke(() -> claimAgain = true);
    }

    private void claimWhenDue() {
        boolean halfWindow =
                System.nanoTime() - lastClaimNanos > Math.min(settings.window().toNanos() / 2, OVERDUE.toNanos());
        if (claimAgain || halfWindow) {
            claim();
        }
    }

    private void claim() {
        claimAgain = false;
        lastClaimNanos = System.nanoTime();
        int room = Math.min(settings.held() - queue.size(), 10 * settings.batch());
        if (stopping || room <= 0) {
            return;
        }
        pool.preparedQuery(CLAIM)
                .execute(Tuple.of(lease.id(), settings.window().toMillis(), OVERDUE.toMillis(), room))
                .subscribe()
                .with(
                        rows -> {
                            var claimed = new ArrayList<Claimed>();
                            rows.forEach(row -> claimed.add(claimed(row)));
                            claimed.removeIf(one -> atWork.contains(one.due.id()));
                            hold(claimed);
                            claimAgain = rows.size() == room;
                        },
                        failure -> LOG.warnf("Timers were not claimed, tried again soon: %s", failure.getMessage()));
    }

    /** On the queue's thread; waits for a permit, which is the bound on firings at once. */
    private void fire(List<Due> due) {
        permits.acquireUninterruptibly();
        due.forEach(one -> atWork.add(one.id()));
        ((ContextInternal) vertx.getDelegate().getOrCreateContext())
                .unwrap()
                .duplicate()
                .runOnContext(ignored -> fireNow(due));
    }

    private void fireNow(List<Due> due) {
        Uni.createFrom()
                .deferred(() ->
                        lease.holds() ? firing.fire(due) : Uni.createFrom().voidItem())
                .onTermination()
                .invoke(() -> {
                    due.forEach(one -> atWork.remove(one.id()));
                    permits.release();
                })
                .subscribe()
                .with(fired -> {}, failure -> tryAgain(due, failure));
    }

    private void tryAgain(List<Due> due, Throwable failure) {
        LOG.warnf(failure, "Firing %d timers failed; tried again in %d ms", due.size(), RETRY.toMillis());
        var again = clock.instant().plus(RETRY);
        due.forEach(one -> queue.add(again, one));
    }
}

package dev.carillon.kit.timer;

import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * The durable timers of one kind in one service, over the table {@code timer}.
 *
 * <pre>
 *   armed ──claimed by a node──> held in memory ──due──> firing ──taken (row deleted or moved)──> done
 *     ▲                               │                     │
 *     └──────── lease expired ────────┴─── firing failed ───┘   (tried again, here or on another node)
 * </pre>
 *
 * <p>When a firing fails for another reason than an outage, its timers are fired one by one, so that one that cannot be fired stops no other; that one
 * is tried again ever more rarely, at least every half minute, and counted in {@code carillon.timer.failures}.
 *
 * <p>A service arms in its own transactions and gives a {@link Firing} that takes the due ones in its own transaction; {@link #take} is
 * the compare-and-set that lets each timer fire once.
 */
public final class Timers {
    private static final Logger LOG = Logger.getLogger(Timers.class);
    private static final int WINDOWS_A_HORIZON = 4;
    private static final Duration START_PATIENCE = Duration.ofSeconds(10);
    private static final Duration RELEASE_PATIENCE = Duration.ofSeconds(2);

    /** What a service does with due timers. */
    @FunctionalInterface
    public interface Firing {
        /** Takes and fires these in one transaction; a failure means that they are tried again. */
        Uni<Void> fire(List<Due> due);
    }

    private final String kind;
    private final TimerTable table;
    private final FarTimers far;
    private final Vertx vertx;
    private final TimerSettings settings;
    private final DatabaseClock clock = new DatabaseClock();
    private final NodeLease lease;
    private final Held held;
    private final Firings firings;
    private final Claims claims;
    private final AtomicBoolean sweeping = new AtomicBoolean();
    private volatile boolean stopping;
    private volatile long sweepNanos = System.nanoTime();

    /**
     * @param kind tells these timers from others of the service, which may have the same ids
     * @param headStart how long before its instant a timer is handed to {@code firing}; zero for never before it
     * @throws IllegalArgumentException when the horizon is not far enough beyond the window, or gathering takes the head start away
     */
    public Timers(String kind, Pool pool, Vertx vertx, TimerSettings settings, Duration headStart, Firing firing) {
        check(kind, settings, headStart);
        this.kind = kind;
        this.table = new TimerTable(pool, kind);
        this.far = new FarTimers(pool, settings.horizon());
        this.vertx = vertx;
        this.settings = settings;
        this.lease = new NodeLease(pool, kind, settings.lease(), clock);
        this.held = new Held(kind, clock, settings, headStart, this::fire);
        this.firings = new Firings(kind, vertx, settings, lease, firing, this::fireAgain, this::firingEnded);
        this.claims = new Claims(table, settings, clock, lease, held, firings);
    }

    private static void check(String kind, TimerSettings settings, Duration headStart) {
        var leastHorizon = settings.window().multipliedBy(WINDOWS_A_HORIZON);
        if (settings.horizon().compareTo(leastHorizon) < 0) {
            throw new IllegalArgumentException(
                    "carillon.timer.horizon is %s; it must be at least %s: %d times carillon.timer.window"
                            .formatted(settings.horizon(), leastHorizon, WINDOWS_A_HORIZON));
        }
        if (headStart.isPositive() && headStart.compareTo(settings.gather()) <= 0) {
            throw new IllegalArgumentException(
                    "carillon.timer.gather is %s; it must be shorter than the head start of %s timers, %s"
                            .formatted(settings.gather(), kind, headStart));
        }
    }

    /** Registers this node and starts firing; fails when the database is not there. */
    public Uni<Void> start() {
        return lease.register().invoke(() -> {
            held.start();
            beatLater();
            claims.claim();
            sweepWhenDue();
        });
    }

    /**
     * Fires nothing more, waits for what is being fired and until {@code drained} holds (at most {@code patience}), and then lets other nodes take
     * over at once.
     */
    public Uni<Void> stop(Duration patience, BooleanSupplier drained) {
        stopping = true;
        claims.stop();
        held.close();
        return Uni.createFrom()
                .item(() -> firings.isIdle() && drained.getAsBoolean())
                .repeat()
                .withDelay(Duration.ofMillis(20))
                .atMost(Math.max(1, patience.toMillis() / 20))
                .select()
                .where(Boolean::booleanValue)
                .toUni()
                .chain(lease::release);
    }

    /** As {@link #start}, for a service that starts: returns when this node is registered, and fails when that takes longer than ten seconds. */
    public void startAndAwait() {
        start().await().atMost(START_PATIENCE);
    }

    /** As {@link #stop}, for a service that stops and has nothing else to wait for: returns when other nodes have been let take over. */
    public void stopAndAwait(Duration patience) {
        stopAndAwait(patience, () -> true);
    }

    /** As {@link #stop}, for a service that stops: returns when other nodes have been let take over. */
    public void stopAndAwait(Duration patience, BooleanSupplier drained) {
        stop(patience, drained).await().atMost(patience.plus(RELEASE_PATIENCE));
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
        return held.size();
    }

    /**
     * Arms timers, or moves those that are armed. One that is due within the window is leased by this node in the same statement. Whoever arms or
     * disarms holds the lock of what the timer is about, so that nobody else does at the same time.
     */
    public Uni<Void> arm(Tx tx, List<UUID> ids, List<Instant> dueAt) {
        var armings = byDistance(ids, dueAt);
        var distant = armings.getOrDefault(true, List.of());
        return table.arm(tx, armings.getOrDefault(false, List.of()), claims.window(), lease.id())
                .invoke(armed -> holdAfterEnd(tx, armed))
                .chain(() -> distant.isEmpty() ? Uni.createFrom().voidItem() : armDistant(tx, distant));
    }

    public Uni<Void> arm(Tx tx, UUID id, Instant dueAt) {
        return arm(tx, List.of(id), List.of(dueAt));
    }

    /** As {@link #arm}, for less: those that are not armed, since they are new or were taken in this transaction; it fails for others. */
    public Uni<Void> armNew(Tx tx, List<UUID> ids, List<Instant> dueAt) {
        var armings = byDistance(ids, dueAt);
        return table.insert(tx, armings.getOrDefault(false, List.of()), claims.window(), lease.id())
                .invoke(armed -> holdAfterEnd(tx, armed))
                .chain(() -> far.insert(tx, kind, armings.getOrDefault(true, List.of())));
    }

    /** In the order of the statements in {@link #disarm}: a timer that a sweep moves meanwhile is found where it then is. */
    private Uni<Void> armDistant(Tx tx, List<Arming> distant) {
        return far.arm(tx, kind, distant)
                .chain(() -> table.disarm(tx, distant.stream().map(Arming::id).toList()));
    }

    /** True for those beyond the horizon. Which of the two somewhat before or after it is does not matter. */
    private Map<Boolean, List<Arming>> byDistance(List<UUID> ids, List<Instant> dueAt) {
        var horizon = clock.instant().plus(settings.horizon());
        return Arming.of(ids, dueAt).stream()
                .collect(Collectors.partitioningBy(one -> !one.dueAt().isBefore(horizon)));
    }

    /** Removes timers; one that is not armed is no error. */
    public Uni<Void> disarm(Tx tx, List<UUID> ids) {
        return ids.isEmpty()
                ? Uni.createFrom().voidItem()
                : far.disarm(tx, kind, ids).chain(() -> table.disarm(tx, ids));
    }

    /** Takes due timers for good: those returned were this node's, in this version, and exist no more. */
    public Uni<Set<UUID>> take(Tx tx, List<Due> due) {
        return table.take(tx, due, lease.id());
    }

    /** However the transaction ends: after a commit of unknown outcome the timer may exist, and the row decides when it is due. */
    private void holdAfterEnd(Tx tx, List<TimerTable.Armed> armed) {
        tx.afterEnd(() -> claims.hold(armed));
    }

    private void beatLater() {
        vertx.getDelegate().setTimer(settings.lease().toMillis() / 5, timer -> beat());
    }

    private void beat() {
        if (stopping) {
            return;
        }
        lease.renew()
                // Of one that stops it was perhaps released meanwhile.
                .chain(renewed -> renewed || stopping ? Uni.createFrom().voidItem() : startOver())
                // An answer that never comes must not stop the beat, and leave time for another.
                .ifNoItem()
                .after(settings.lease().dividedBy(2))
                .fail()
                .onTermination()
                .invoke(this::beatLater)
                .subscribe()
                .with(
                        renewed -> {
                            claims.claimWhenDue();
                            sweepWhenDue();
                        },
                        failure -> LOG.warnf("The timer lease was not renewed, tried again: %s", failure.getMessage()));
    }

    private Uni<Void> startOver() {
        LOG.warn("The timer lease ended before it was renewed: everything held is dropped, and claimed anew");
        held.clear();
        firings.forgetFailures();
        return lease.register().invoke(claims::lookAtAll);
    }

    private void sweepWhenDue() {
        if (stopping || System.nanoTime() - sweepNanos < 0 || !sweeping.compareAndSet(false, true)) {
            return;
        }
        far.sweep()
                .ifNoItem()
                .after(settings.lease())
                .fail()
                .onTermination()
                .invoke(() -> sweeping.set(false))
                .subscribe()
                .with(
                        wait -> {
                            sweepNanos = System.nanoTime() + wait.toNanos();
                            sweepWhenDue();
                        },
                        failure -> LOG.warnf("Far timers were not swept, tried again soon: %s", failure.getMessage()));
    }

    private void fire(List<Due> due) {
        firings.admit(due);
        held.letGo(due);
        firings.fire(due);
    }

    private void firingEnded() {
        claims.claimWhenThereIsRoom();
    }

    private void fireAgain(Duration wait, List<Due> due) {
        held.holdUntil(clock.instant().plus(wait), due);
    }
}

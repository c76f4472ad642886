package dev.carillon.kit.timer;

import dev.carillon.kit.tx.Outages;
import dev.carillon.kit.tx.Tx;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.impl.ContextInternal;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

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
    private static final Duration OVERDUE = Duration.ofSeconds(2);
    private static final Duration CLAIM_EVERY = Duration.ofSeconds(2);
    private static final Duration RETRY = Duration.ofMillis(250);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

    /** What a service does with due timers. */
    @FunctionalInterface
    public interface Firing {
        /** Takes and fires these in one transaction; a failure means that they are tried again. */
        Uni<Void> fire(List<Due> due);
    }

    private final TimerTable table;
    private final Vertx vertx;
    private final TimerSettings settings;
    private final Duration headStart;
    private final Firing firing;
    private final DatabaseClock clock = new DatabaseClock();
    private final NodeLease lease;
    private final DueQueue<Due> queue;
    // What is in the queue, so that a timer found again is not in it twice. One that was moved or disarmed meanwhile
    // stays until it is due: its row then says no.
    private final Set<Due> held = ConcurrentHashMap.newKeySet();
    private final Set<UUID> atWork = ConcurrentHashMap.newKeySet();
    // Those that failed alone, for a reason of their own, and how often: they are tried ever more rarely.
    private final Map<Due, Integer> failures = new ConcurrentHashMap<>();
    private final Counter guilty;
    private final Semaphore permits;
    private volatile boolean stopping;
    private volatile boolean claiming;
    private volatile boolean claimAgain;
    private volatile long lastClaimNanos;

    /**
     * @param kind tells these timers from others of the service, which may have the same ids
     * @param headStart how long before its instant a timer is handed to {@code firing}; zero for never before it
     */
    public Timers(String kind, Pool pool, Vertx vertx, TimerSettings settings, Duration headStart, Firing firing) {
        this.table = new TimerTable(pool, kind);
        this.vertx = vertx;
        this.settings = settings;
        this.headStart = headStart;
        this.firing = firing;
        this.lease = new NodeLease(pool, kind, settings.lease(), clock);
        this.guilty = Metrics.counter("carillon.timer.failures", "kind", kind);
        this.permits = new Semaphore(settings.concurrency());
        this.queue = new DueQueue<>("timers-" + kind, clock, settings.batch(), this::fire);
    }

    /** Registers this node and starts firing; fails when the database is not there. */
    public Uni<Void> start() {
        return lease.register().invoke(() -> {
            queue.start();
            beatLater();
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
        return held.size();
    }

    /** Arms timers, or moves those that are armed. One that is due within the window is leased by this node in the same statement. */
    public Uni<Void> arm(Tx tx, List<UUID> ids, List<Instant> dueAt) {
        if (ids.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        boolean room = lease.holds() && held.size() + ids.size() < settings.held();
        var window = room ? settings.window() : TimerTable.NO_WINDOW;
        return table.arm(tx, ids, dueAt, window, lease.id())
                .invoke(armed -> holdAfterEnd(tx, armed))
                .replaceWithVoid();
    }

    public Uni<Void> arm(Tx tx, UUID id, Instant dueAt) {
        return arm(tx, List.of(id), List.of(dueAt));
    }

    /** Removes timers; one that is not armed is no error. */
    public Uni<Void> disarm(Tx tx, List<UUID> ids) {
        return ids.isEmpty() ? Uni.createFrom().voidItem() : table.disarm(tx, ids);
    }

    /** Takes due timers for good: those returned were this node's, in this version, and exist no more. */
    public Uni<Set<UUID>> take(Tx tx, List<Due> due) {
        return table.take(tx, due, lease.id());
    }

    /** However the transaction ends: after a commit of unknown outcome the timer may exist, and the row decides when it is due. */
    private void holdAfterEnd(Tx tx, List<TimerTable.Armed> armed) {
        tx.afterEnd(() -> hold(armed));
    }

    private void hold(List<TimerTable.Armed> armed) {
        for (var one : armed) {
            if (one.claimed() && held.add(one.due())) {
                queue.add(one.due().dueAt().minus(headStart), one.due());
            }
        }
    }

    private void beatLater() {
        vertx.getDelegate().setTimer(settings.lease().toMillis() / 5, timer -> beat());
    }

    private void beat() {
        if (stopping) {
            return;
        }
        lease.renew()
                .chain(renewed -> renewed ? Uni.createFrom().voidItem() : startOver())
                // An answer that never comes must not stop the beat, and leave time for another.
                .ifNoItem()
                .after(settings.lease().dividedBy(2))
                .fail()
                .onTermination()
                .invoke(this::beatLater)
                .subscribe()
                .with(
                        renewed -> claimWhenDue(),
                        failure -> LOG.warnf("The timer lease was not renewed, tried again: %s", failure.getMessage()));
    }

    private Uni<Void> startOver() {
        LOG.warn("The timer lease ended before it was renewed: everything held is dropped, and claimed anew");
        queue.clear();
        held.clear();
        failures.clear();
        return lease.register().invoke(() -> claimAgain = true);
    }

    private void claimWhenDue() {
        if (!claiming && (claimAgain || System.nanoTime() - lastClaimNanos > CLAIM_EVERY.toNanos())) {
            claim();
        }
    }

    private void claim() {
        claimAgain = false;
        lastClaimNanos = System.nanoTime();
        int room = Math.min(settings.held() - held.size(), 10 * settings.batch());
        if (stopping || room <= 0) {
            return;
        }
        claiming = true;
        table.claim(lease.id(), settings.window(), OVERDUE, room)
                .ifNoItem()
                .after(settings.lease())
                .fail()
                .onTermination()
                .invoke(() -> claiming = false)
                .subscribe()
                .with(
                        claimed -> claimed(claimed, room),
                        failure -> LOG.warnf("Timers were not claimed, tried again soon: %s", failure.getMessage()));
    }

    private void claimed(List<TimerTable.Armed> claimed, int room) {
        int before = held.size();
        hold(claimed.stream().filter(one -> !atWork.contains(one.due().id())).toList());
        claimAgain = claimed.size() == room;
        // At once, unless it was nothing new.
        if (claimAgain && held.size() > before) {
            claim();
        }
    }

    /** On the queue's thread; waits for a permit, which is the bound on firings at once. */
    private void fire(List<Due> due) {
        permits.acquireUninterruptibly();
        due.forEach(one -> atWork.add(one.id()));
        due.forEach(held::remove);
        var context = ((ContextInternal) vertx.getDelegate().getOrCreateContext())
                .unwrap()
                .duplicate();
        // Nobody else runs on it, so that a firing may open a session of entities.
        VertxContextSafetyToggle.setContextSafe(context, true);
        context.runOnContext(ignored -> fireNow(due));
    }

    private void fireNow(List<Due> due) {
        fired(due)
                .onFailure(failure -> due.size() > 1 && !Outages.isOutage(failure))
                .recoverWithUni(failure -> {
                    LOG.warnf(failure, "Firing %d timers failed; they are fired one by one", due.size());
                    return oneByOne(due);
                })
                .onTermination()
                .invoke(() -> {
                    due.forEach(one -> atWork.remove(one.id()));
                    permits.release();
                })
                .subscribe()
                .with(fired -> {}, failure -> tryAgain(due, failure));
    }

    /** Whatever it comes to, it ends: a connection that says nothing must not keep a permit. */
    private Uni<Void> fired(List<Due> due) {
        return Uni.createFrom()
                .deferred(() ->
                        lease.holds() ? firing.fire(due) : Uni.createFrom().voidItem())
                .ifNoItem()
                .after(settings.patience())
                .fail()
                .invoke(() -> due.forEach(failures::remove));
    }

    private Uni<Void> oneByOne(List<Due> due) {
        var outage = new AtomicReference<@Nullable Throwable>();
        return Multi.createFrom()
                .iterable(due)
                .onItem()
                .transformToUniAndConcatenate(one -> Uni.createFrom().deferred(() -> firedAlone(one, outage)))
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** @param outage what has ended the trying, if anything: the rest then need not wait for the same */
    private Uni<Void> firedAlone(Due one, AtomicReference<@Nullable Throwable> outage) {
        var ended = outage.get();
        if (ended != null) {
            tryAgain(List.of(one), ended);
            return Uni.createFrom().voidItem();
        }
        return fired(List.of(one))
                .onFailure()
                .invoke(failure -> {
                    outage.set(Outages.isOutage(failure) ? failure : null);
                    tryAgain(List.of(one), failure);
                })
                .onFailure()
                .recoverWithNull();
    }

    private void tryAgain(List<Due> due, Throwable failure) {
        var wait = RETRY;
        if (!Outages.isOutage(failure)) {
            guilty.increment(due.size());
            wait = due.stream().map(this::nextWait).max(Duration::compareTo).orElse(RETRY);
        }
        LOG.warnf(failure, "Firing %d timers failed; tried again in %d ms", due.size(), wait.toMillis());
        var again = clock.instant().plus(wait);
        due.stream().filter(held::add).forEach(one -> queue.add(again, one));
    }

    private Duration nextWait(Due guiltyOne) {
        int before = failures.merge(guiltyOne, 1, Integer::sum) - 1;
        var wait = RETRY.multipliedBy(1L << Math.min(before, 10));
        return wait.compareTo(LONGEST_RETRY) < 0 ? wait : LONGEST_RETRY;
    }
}

package dev.carillon.kit.timer;

import dev.carillon.kit.tx.Outages;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Metrics;
import io.quarkus.vertx.core.runtime.context.VertxContextSafetyToggle;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.core.impl.ContextInternal;
import io.vertx.mutiny.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What is being fired on this node: a bounded number of groups at once. A group that fails for another reason than an outage is fired one by one;
 * what fails alone is tried again ever more rarely.
 */
final class Firings {
    private static final Logger LOG = Logger.getLogger(Firings.class);
    private static final Duration RETRY = Duration.ofMillis(250);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

    /** Where those go that are to be tried again. */
    @FunctionalInterface
    interface Again {
        void after(Duration wait, List<Due> due);
    }

    private final Vertx vertx;
    private final TimerSettings settings;
    private final NodeLease lease;
    private final Timers.Firing firing;
    private final Again again;
    private final Runnable whenEnded;
    private final Set<Due> atWork = ConcurrentHashMap.newKeySet();
    // Those that failed alone, for a reason of their own, and how often: they are tried ever more rarely.
    private final Map<Due, Integer> failures = new ConcurrentHashMap<>();
    private final Counter guilty;
    private final Semaphore permits;

    /** @param whenEnded runs after each group, however it ended */
    Firings(
            String kind,
            Vertx vertx,
            TimerSettings settings,
            NodeLease lease,
            Timers.Firing firing,
            Again again,
            Runnable whenEnded) {
        this.vertx = vertx;
        this.settings = settings;
        this.lease = lease;
        this.firing = firing;
        this.again = again;
        this.whenEnded = whenEnded;
        this.guilty = Metrics.counter("carillon.timer.failures", "kind", kind);
        this.permits = new Semaphore(settings.concurrency());
    }

    /** In this version: what a firing arms anew is another one, to be held as soon as its transaction has ended. */
    boolean has(Due due) {
        return atWork.contains(due);
    }

    boolean isIdle() {
        return atWork.isEmpty();
    }

    /** The lease is a new one, and so will be what is claimed under it. */
    void forgetFailures() {
        failures.clear();
    }

    /** On the queue's thread; waits for a permit, which is the bound on firings at once. From its return on {@link #has} knows them. */
    void admit(List<Due> due) {
        permits.acquireUninterruptibly();
        atWork.addAll(due);
    }

    /** Those that were admitted. */
    void fire(List<Due> due) {
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
                    due.forEach(atWork::remove);
                    permits.release();
                    whenEnded.run();
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
        again.after(wait, due);
    }

    private Duration nextWait(Due guiltyOne) {
        int before = failures.merge(guiltyOne, 1, Integer::sum) - 1;
        var wait = RETRY.multipliedBy(1L << Math.min(before, 10));
        return wait.compareTo(LONGEST_RETRY) < 0 ? wait : LONGEST_RETRY;
    }
}

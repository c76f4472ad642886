package dev.carillon.relay.engine;

import dev.carillon.relay.Lane;
import dev.carillon.relay.LaneLease;
import dev.carillon.relay.OutboxEvents;
import dev.carillon.relay.OutboxEvents.ParkOutcome;
import dev.carillon.relay.PublishWindow;
import dev.carillon.relay.PublishWindow.ParkBatch;
import dev.carillon.relay.RelayObserver;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Takes settled events out of the outbox: deletes what was acknowledged, parks what was refused. Confined to the loop's thread. */
final class Clearer {
    private static final Logger LOG = Logger.getLogger(Clearer.class);
    private static final int DELETE_AT_ONCE = 500;

    private final String source;
    private final String self;
    private final OutboxEvents outbox;
    private final PublishWindow window;
    private final LeaseKeeper leases;
    private final RelayLimits limits;
    private final RelayObserver observer;
    private final LongSupplier nanoClock;
    private final Loop loop;

    private boolean deleting;
    private boolean parking;
    private long deleteDueNanos;
    private long parkDueNanos;

    Clearer(
            String source,
            String self,
            OutboxEvents outbox,
            PublishWindow window,
            LeaseKeeper leases,
            RelayLimits limits,
            RelayObserver observer,
            LongSupplier nanoClock,
            Loop loop) {
        this.source = source;
        this.self = self;
        this.outbox = outbox;
        this.window = window;
        this.leases = leases;
        this.limits = limits;
        this.observer = observer;
        this.nanoClock = nanoClock;
        this.loop = loop;
        this.deleteDueNanos = nanoClock.getAsLong();
        this.parkDueNanos = deleteDueNanos;
    }

    /** @param reading a read is under way: a parking waits for it, or it would show followers as if nothing were parked */
    void turn(long nowNanos, boolean reading) {
        int acknowledged = window.acknowledgedEvents();
        if (!deleting && acknowledged > 0 && (acknowledged >= DELETE_AT_ONCE || nowNanos - deleteDueNanos >= 0)) {
            delete();
        }
        if (!parking && !reading && nowNanos - parkDueNanos >= 0) {
            park();
        }
    }

    private void delete() {
        Map<LaneLease, List<Long>> taken = window.takeAcknowledged();
        deleting = true;
        var unused = answerOf(outbox.delete(self, taken))
                .whenCompleteAsync((counted, problem) -> deleted(taken, counted, problem), loop);
    }

    private void deleted(Map<LaneLease, List<Long>> taken, @Nullable Set<Lane> counted, @Nullable Throwable problem) {
        deleting = false;
        long now = nanoClock.getAsLong();
        if (counted == null) {
            LOG.warnf(
                    "Source %s: acknowledged events cannot be deleted yet: %s",
                    source, problem == null ? "" : Failures.say(problem));
            window.notDeleted(taken.keySet());
            deleteDueNanos = now + limits.retryAfter().toNanos();
            return;
        }
        leases.lost(
                taken.keySet().stream()
                        .filter(lease -> !counted.contains(lease.lane()))
                        .toList(),
                "did not count when acknowledged events were to be deleted");
        window.deleted(taken.keySet());
        deleteDueNanos = now + limits.deleteAfter().toNanos();
    }

    private void park() {
        @Nullable ParkBatch batch = window.takeRefused();
        if (batch != null) {
            parking = true;
            var unused = answerOf(outbox.park(self, batch.lease(), batch.parkings()))
                    .whenCompleteAsync((outcome, problem) -> parked(batch, outcome, problem), loop);
        }
    }

    private void parked(ParkBatch batch, @Nullable ParkOutcome outcome, @Nullable Throwable problem) {
        parking = false;
        switch (outcome) {
            case null -> {
                LOG.warnf(
                        "Source %s: refused events cannot be parked yet: %s",
                        source, problem == null ? "" : Failures.say(problem));
                window.notParked(batch);
                parkDueNanos = nanoClock.getAsLong() + limits.retryAfter().toNanos();
            }
            case ParkOutcome.LeaseLost lost ->
                leases.lost(List.of(batch.lease()), "did not count when refused events were to be parked");
            case ParkOutcome.Parked(int events) -> {
                observer.parked(events);
                window.parked(batch);
            }
        }
    }

    boolean parking() {
        return parking;
    }

    long nanosLeft(long nowNanos) {
        return !deleting && window.acknowledgedEvents() > 0
                ? deleteDueNanos - nowNanos
                : limits.idlePoll().toNanos();
    }

    private static <T> CompletableFuture<T> answerOf(CompletionStage<T> answer) {
        return answer.toCompletableFuture()
                .copy()
                .orTimeout(RelayLimits.ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    }
}

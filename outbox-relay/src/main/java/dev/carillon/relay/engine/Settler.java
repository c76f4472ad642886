package dev.carillon.relay.engine;

import dev.carillon.relay.LaneLease;
import dev.carillon.relay.OutboxEvents;
import dev.carillon.relay.OutboxEvents.ParkOutcome;
import dev.carillon.relay.PublishWindow;
import dev.carillon.relay.PublishWindow.ParkBatch;
import dev.carillon.relay.RelayObserver;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Settles what was acknowledged, has it written down a few times a second, and parks what was refused. Confined to the loop's thread. */
final class Settler {
    private static final Logger LOG = Logger.getLogger(Settler.class);

    private final String source;
    private final String self;
    private final OutboxEvents outbox;
    private final PublishWindow window;
    private final LeaseKeeper leases;
    private final RelayLimits limits;
    private final RelayObserver observer;
    private final LongSupplier nanoClock;
    private final Loop loop;

    private boolean saving;
    private boolean parking;
    private long saveDueNanos;
    private long parkDueNanos;

    /** All that was settled before this is written down, or lost with its session. */
    private long writtenUpToNanos;

    Settler(
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
        this.saveDueNanos = nanoClock.getAsLong() + limits.saveEvery().toNanos();
        this.parkDueNanos = nanoClock.getAsLong();
        this.writtenUpToNanos = parkDueNanos;
    }

    /** @param reading a read is under way: a parking waits for it, or it would show followers as if nothing were parked */
    void turn(long nowNanos, boolean reading) {
        if (window.acknowledgedEvents() > 0) {
            outbox.settle(window.takeAcknowledged());
        }
        if (!saving && !parking && nowNanos - saveDueNanos >= 0) {
            save();
        }
        if (!saving && !parking && !reading && nowNanos - parkDueNanos >= 0) {
            park();
        }
    }

    private void save() {
        saving = true;
        long askedNanos = nanoClock.getAsLong();
        var unused = answerOf(outbox.save(self))
                .whenCompleteAsync((lost, problem) -> saved(lost, problem, askedNanos), loop);
    }

    private void saved(@Nullable Set<LaneLease> lost, @Nullable Throwable problem, long askedNanos) {
        saving = false;
        saveDueNanos = nanoClock.getAsLong() + limits.saveEvery().toNanos();
        if (lost == null) {
            LOG.warnf(
                    "Source %s: what was acknowledged cannot be written down yet: %s",
                    source, problem == null ? "" : Failures.say(problem));
        } else {
            writtenUpToNanos = askedNanos;
            leases.lost(lost, "did not count when their positions were to be saved");
        }
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

    /** Whether so much is unwritten that nothing more may be published: see {@link RelayLimits#UNWRITTEN_AT_MOST}. */
    boolean isBehind(long nowNanos) {
        return nowNanos - writtenUpToNanos
                > limits.saveEvery().plus(RelayLimits.UNWRITTEN_AT_MOST).toNanos();
    }

    boolean parking() {
        return parking;
    }

    long nanosLeft(long nowNanos) {
        return saving || parking ? limits.saveEvery().toNanos() : saveDueNanos - nowNanos;
    }

    private static <T> CompletableFuture<T> answerOf(CompletionStage<T> answer) {
        return answer.toCompletableFuture()
                .copy()
                .orTimeout(RelayLimits.ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    }
}

package dev.carillon.delivery.attempt.usecase;

import dev.carillon.kit.telemetry.LogCategory;
import dev.carillon.kit.timer.DueQueue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls that wait: each for its instant, never less, and then in the line of its receiver until those before it leave it a place. One whose message expires while
 * it stands in a line is told of then; it has its turn nevertheless, in which whoever makes the calls finds it withdrawn.
 */
final class CallQueue implements AutoCloseable {
    private static final LogCategory LOG = LogCategory.of(CallQueue.class);
    private static final int LARGEST_BATCH = 1_000;

    /** Makes a call whose turn has come. */
    @FunctionalInterface
    interface Turn {
        /**
         * Complete when it has ended or is known not to be made, and its permit with it; until then it keeps its place from the others of its line. A failure is a
         * bug of ours: it is logged, and ends the permit.
         */
        CompletionStage<?> take(PendingCall call);
    }

    private final Executor contexts;
    private final Turn turn;
    private final DueQueue<PendingCall> due;
    private final CallLines<PendingCall> lines = new CallLines<>();
    /** Those that wait in a line while their message expires. */
    private final DueQueue<PendingCall> expiring;

    private final AtomicInteger open = new AtomicInteger();

    /**
     * @param contexts runs each turn on a context of its own
     * @param whenExpired runs on a thread of the queue's, so it must return at once
     */
    CallQueue(InstantSource clock, Executor contexts, Turn turn, Consumer<PendingCall> whenExpired) {
        this.contexts = contexts;
        this.turn = turn;
        this.due = new DueQueue<>("provider-calls", clock, LARGEST_BATCH, calls -> calls.forEach(this::join));
        this.expiring = new DueQueue<>("expired-calls", clock, LARGEST_BATCH, calls -> calls.forEach(whenExpired));
    }

    void start() {
        due.start();
        expiring.start();
    }

    @Override
    public void close() {
        due.close();
        expiring.close();
    }

    /** How many calls are waiting or being made. */
    int open() {
        return open.get();
    }

    void add(PendingCall call) {
        open.incrementAndGet();
        due.add(call.delivery().attemptAt(), call);
    }

    private void join(PendingCall call) {
        if (lines.begins(call.receiver(), call.connections(), call)) {
            begin(call);
        } else {
            tellWhenExpired(call);
        }
    }

    /** If it still waits by then; whatever does not expire waits no longer than until those before it have ended, which they do in time. */
    private void tellWhenExpired(PendingCall waiting) {
        var delivery = waiting.delivery();
        var expiresAt = delivery.expiresAt();
        if (expiresAt != null && expiresAt.isBefore(delivery.deadline(waiting.timeout()))) {
            expiring.add(expiresAt, waiting);
        }
    }

    private void begin(PendingCall call) {
        contexts.execute(() -> taken(call).whenComplete((ignored, bug) -> ended(call, bug)));
    }

    private CompletionStage<?> taken(PendingCall call) {
        try {
            return turn.take(call);
        } catch (Throwable bug) {
            return CompletableFuture.failedFuture(bug);
        }
    }

    /** However it ended, whoever is next has its place. */
    private void ended(PendingCall call, @Nullable Throwable bug) {
        try {
            if (bug != null) {
                failed(call, bug);
            }
        } finally {
            open.decrementAndGet();
            lines.ended(call.receiver()).ifPresent(this::begin);
        }
    }

    private static void failed(PendingCall call, Throwable bug) {
        try {
            // Unless it has ended: only its first end counts.
            call.permit().ended(null, Duration.ZERO);
        } catch (RuntimeException another) {
            if (another != bug) {
                bug.addSuppressed(another);
            }
        }
        var delivery = call.delivery();
        DeliveryLog.about(LOG.error(), call.inFlight().stored())
                .with("attempt", delivery.attempts())
                .because(bug)
                .say(
                        "A bug cut off attempt %d of delivery %s; unless its result was recorded, it is unknown at its deadline",
                        delivery.attempts(), delivery.id());
    }
}

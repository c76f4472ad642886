package dev.carillon.delivery.attempt.usecase;

import dev.carillon.kit.timer.DueQueue;
import java.time.InstantSource;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Calls that wait: each for its instant, never less, and then in the line of its receiver until those before it leave it a place. One whose message expires while
 * it stands in a line is told of then; it has its turn nevertheless, in which whoever makes the calls finds it withdrawn.
 */
final class CallQueue implements AutoCloseable {
    private static final int LARGEST_BATCH = 1_000;

    /** Makes a call whose turn has come. */
    @FunctionalInterface
    interface Turn {
        /** The call, once it has ended or is known not to be made; until then it keeps its place from the others of its line. */
        CompletionStage<PendingCall> take(PendingCall call);
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
        contexts.execute(() -> turn.take(call).thenAccept(this::ended));
    }

    private void ended(PendingCall call) {
        open.decrementAndGet();
        lines.ended(call.receiver()).ifPresent(this::begin);
    }
}

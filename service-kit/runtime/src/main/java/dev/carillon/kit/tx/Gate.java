package dev.carillon.kit.tx;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets so many at once do what keeps a connection, so that however long they wait there, others find one. Who comes then waits for their turn, in the order
 * in which they came, keeps nothing meanwhile, and has their turn on the context that asked. Who has waited for longer than the gate's patience when their
 * turn comes is refused with {@link Overloaded}; whose caller has gone by then is left out. What has begun goes on to its end.
 */
public final class Gate {
    private final int atOnce;
    private final Duration patience;
    private final ArrayDeque<Turn<?>> waiting = new ArrayDeque<>();
    private int inside;

    /** @param patience how long one waits for a turn that is still worth having */
    public Gate(int atOnce, Duration patience) {
        this.atOnce = atOnce;
        this.patience = patience;
    }

    /** Does {@code work} when it may; nothing of it has been done when this fails with {@link Overloaded}. */
    public <T> Uni<T> pass(Supplier<Uni<T>> work) {
        return Uni.createFrom().emitter(emitter -> {
            @SuppressWarnings("unchecked")
            var typed = (UniEmitter<T>) emitter;
            var turn = new Turn<>(work, typed, Vertx.currentContext(), System.nanoTime(), new AtomicBoolean());
            typed.onTermination(() -> turn.gone.set(true));
            if (isLetIn(turn)) {
                begin(turn);
            }
        });
    }

    private boolean isLetIn(Turn<?> turn) {
        synchronized (waiting) {
            if (inside < atOnce) {
                inside++;
                return true;
            }
            waiting.add(turn);
            return false;
        }
    }

    /** Whatever the work throws becomes a failure, or its place would never be free again. */
    private <T> void begin(Turn<T> turn) {
        Uni.createFrom()
                .deferred(() -> turn.work.get())
                .onTermination()
                .invoke(() -> letNextIn())
                .subscribe()
                .with(result -> turn.emitter.complete(result), failure -> turn.emitter.fail(failure));
    }

    private void beginAfterWaiting(Turn<?> turn) {
        if (turn.gone.get()) {
            letNextIn();
        } else if (System.nanoTime() - turn.since > patience.toNanos()) {
            letNextIn();
            turn.emitter.fail(new Overloaded("No turn came within " + patience));
        } else {
            begin(turn);
        }
    }

    /** In the place of one that has left. */
    private void letNextIn() {
        Turn<?> next;
        synchronized (waiting) {
            next = waiting.poll();
            if (next == null) {
                inside--;
                return;
            }
        }
        next.onCaller(this);
    }

    private record Turn<T>(
            Supplier<Uni<T>> work,
            UniEmitter<T> emitter,
            @Nullable Context caller,
            long since,
            AtomicBoolean gone) {
        void onCaller(Gate gate) {
            if (caller == null) {
                gate.beginAfterWaiting(this);
            } else {
                caller.runOnContext(ignored -> gate.beginAfterWaiting(this));
            }
        }
    }
}

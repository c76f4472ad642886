package dev.carillon.kit.tx;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for a result that others bring about. Is told on the context that asked, and may have gone before.
 *
 * @param <R> the result
 */
public final class Asker<R> {
    private final UniEmitter<R> emitter;
    private final @Nullable Context context = Vertx.currentContext();
    private volatile boolean gone;

    private Asker(UniEmitter<R> emitter) {
        this.emitter = emitter;
    }

    /** What the asker is told that {@code queue} is given, once for each that subscribes. */
    public static <R> Uni<R> ask(Consumer<Asker<R>> queue) {
        return Uni.createFrom().emitter(emitter -> {
            @SuppressWarnings("unchecked")
            var typed = (UniEmitter<R>) emitter;
            var asker = new Asker<R>(typed);
            typed.onTermination(() -> asker.gone = true);
            queue.accept(asker);
        });
    }

    /** Whether nobody waits any more, told or not. */
    public boolean isGone() {
        return gone;
    }

    public void complete(R result) {
        onContext(() -> emitter.complete(result));
    }

    public void fail(Throwable failure) {
        onContext(() -> emitter.fail(failure));
    }

    private void onContext(Runnable answer) {
        if (context == null) {
            answer.run();
        } else {
            context.runOnContext(ignored -> answer.run());
        }
    }
}

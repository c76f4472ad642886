package dev.carillon.delivery.channel.http;

import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The Vert.x context of one call: a copy of its caller's as it is at this moment. So the call stays in the caller's trace to
 * its end, even if the caller closes its tracing scope as soon as the call has begun.
 */
public final class CallContext {

    private final ContextInternal caller;
    private final ContextInternal own;

    private CallContext(ContextInternal caller, ContextInternal own) {
        this.caller = caller;
        this.own = own;
    }

    public static CallContext copied(Vertx vertx) {
        ContextInternal caller = (ContextInternal) vertx.getOrCreateContext();
        ContextInternal own = caller.duplicate();
        if (caller.isDuplicate()) {
            own.localContextData().putAll(caller.localContextData());
        }
        return new CallContext(caller, own);
    }

    /** Runs the call here, at once where the thread allows it; its outcome comes back on the caller's own context. */
    public <T> CompletionStage<T> call(Supplier<CompletionStage<T>> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        own.emit(begin -> {
            try {
                work.get()
                        .whenComplete((outcome, failure) -> caller.runOnContext(back -> {
                            if (failure == null) {
                                result.complete(outcome);
                            } else {
                                result.completeExceptionally(failure);
                            }
                        }));
            } catch (RuntimeException bug) {
                result.completeExceptionally(bug);
            }
        });
        return result;
    }

    /** Takes the call up again, from whichever thread brings what it waited for. */
    public void resume(Runnable step) {
        own.runOnContext(now -> step.run());
    }
}

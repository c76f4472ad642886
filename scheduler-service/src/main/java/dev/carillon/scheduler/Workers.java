package dev.carillon.scheduler;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Supplier;

/**
 * Works where it may take long. What follows a query runs on an event loop, whatever thread its request began on; so a resource that is
 * blocking is not enough.
 */
@ApplicationScoped
public class Workers {
    private final Vertx vertx;

    public Workers(Vertx vertx) {
        this.vertx = vertx;
    }

    /** What {@code work} gives on a worker; what follows is again where the caller was. */
    public <T> Uni<T> run(Supplier<T> work) {
        return Uni.createFrom()
                .completionStage(() -> vertx.executeBlocking(work::get, false).toCompletionStage());
    }
}

package dev.carillon.scheduler.recurrence.http;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Supplier;

/**
 * Expands rules where it may take long. What follows a query runs on an event loop, whatever thread its request began on; so a resource that is
 * blocking is not enough.
 */
@ApplicationScoped
class Workers {
    private final Vertx vertx;

    Workers(Vertx vertx) {
        this.vertx = vertx;
    }

    /** What {@code work} gives on a worker; what follows is again where the caller was. */
    <T> Uni<T> run(Supplier<T> work) {
        return Uni.createFrom()
                .completionStage(() -> vertx.executeBlocking(work::get, false).toCompletionStage());
    }
}

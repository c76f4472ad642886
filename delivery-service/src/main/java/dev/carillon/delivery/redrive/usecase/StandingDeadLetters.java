package dev.carillon.delivery.redrive.usecase;

import dev.carillon.delivery.SeldomCounted;
import dev.carillon.delivery.redrive.store.RedriveStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * How many dead letters there are: {@code carillon.delivery.dead}. Every instance counts those of all. It reads up to a hundred thousand entries of the index
 * that has dead letters alone; a number that is kept as they come and go would make all of them wait for its one row.
 */
@ApplicationScoped
class StandingDeadLetters {
    private final SeldomCounted<Long> standing;

    StandingDeadLetters(RedriveStore redrives, Vertx vertx, MeterRegistry metrics) {
        this.standing = new SeldomCounted<>(vertx, "Dead letters", redrives::standing);
        Gauge.builder("carillon.delivery.dead", this, letters -> letters.standing.told(Long::doubleValue))
                .description("Dead letters, up to a hundred thousand")
                .register(metrics);
    }

    void start(@Observes StartupEvent started) {
        standing.start();
    }
}

package dev.carillon.delivery.redrive.usecase;

import dev.carillon.delivery.redrive.store.RedriveStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * How many dead letters there are: {@code carillon.delivery.dead}. Every instance counts those of all, every 30 s, and a number that is minutes old is told
 * no more.
 */
@ApplicationScoped
class StandingDeadLetters {
    private static final Logger LOG = Logger.getLogger(StandingDeadLetters.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(30);
    private static final long TOLD_NANOS = Duration.ofMinutes(3).toNanos();

    private record Seen(long number, long nanos) {}

    private final RedriveStore redrives;
    private final Vertx vertx;
    private volatile @Nullable Seen seen;

    StandingDeadLetters(RedriveStore redrives, Vertx vertx, MeterRegistry metrics) {
        this.redrives = redrives;
        this.vertx = vertx;
        Gauge.builder("carillon.delivery.dead", this, StandingDeadLetters::told)
                .description("Dead letters, up to a hundred thousand")
                .register(metrics);
    }

    private double told() {
        var last = seen;
        return last == null || System.nanoTime() - last.nanos > TOLD_NANOS ? Double.NaN : last.number;
    }

    void start(@Observes StartupEvent started) {
        look();
        vertx.setPeriodic(LOOK_EVERY.toMillis(), tick -> look());
    }

    private void look() {
        redrives.standing()
                .subscribe()
                .with(
                        number -> seen = new Seen(number, System.nanoTime()),
                        failure -> LOG.warnf("Dead letters were not counted: %s", failure.getMessage()));
    }
}

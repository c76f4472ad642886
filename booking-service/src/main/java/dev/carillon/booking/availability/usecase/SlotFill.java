package dev.carillon.booking.availability.usecase;

import dev.carillon.booking.availability.store.SlotStore;
import dev.carillon.booking.availability.store.SlotStore.Places;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * How full the slots of the day to come are: {@code carillon.slots.places}. Every instance counts them all, once a minute, and a number that is minutes old
 * is told no more.
 */
@ApplicationScoped
public class SlotFill {
    private static final Logger LOG = Logger.getLogger(SlotFill.class);
    private static final Duration AHEAD = Duration.ofDays(1);
    private static final Duration LOOK_EVERY = Duration.ofMinutes(1);
    private static final long TOLD_NANOS = Duration.ofMinutes(5).toNanos();

    private record Seen(Places places, long nanos) {}

    private final SlotStore slots;
    private final Vertx vertx;
    private volatile @Nullable Seen seen;

    public SlotFill(SlotStore slots, Vertx vertx, MeterRegistry metrics) {
        this.slots = slots;
        this.vertx = vertx;
        gauge(metrics, "taken", Places::taken);
        gauge(metrics, "free", Places::free);
    }

    private void gauge(MeterRegistry metrics, String state, ToDoubleFunction<Places> value) {
        Gauge.builder("carillon.slots.places", this, fill -> fill.told(value))
                .description("Places of the open slots that begin within a day")
                .tag("state", state)
                .register(metrics);
    }

    private double told(ToDoubleFunction<Places> value) {
        var last = seen;
        return last == null || System.nanoTime() - last.nanos > TOLD_NANOS
                ? Double.NaN
                : value.applyAsDouble(last.places);
    }

    void start(@Observes StartupEvent started) {
        look();
        vertx.setPeriodic(LOOK_EVERY.toMillis(), tick -> look());
    }

    private void look() {
        slots.places(AHEAD)
                .subscribe()
                .with(
                        places -> seen = new Seen(places, System.nanoTime()),
                        failure -> LOG.warnf("The places of slots were not counted: %s", failure.getMessage()));
    }
}

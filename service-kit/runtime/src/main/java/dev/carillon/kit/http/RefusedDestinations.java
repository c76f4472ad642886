package dev.carillon.kit.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Tells of webhooks' destinations that are not connected to: each is counted by its range, and once a second at most one is logged, with how many
 * were not. What was asked for is in neither: a URL may carry secrets, and its sender finds the host in the answer or in the attempt.
 */
@Singleton
public final class RefusedDestinations {
    private static final Logger LOG = Logger.getLogger(RefusedDestinations.class);
    private static final long APART_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final MeterRegistry metrics;
    private final LongSupplier nanos;
    private final Consumer<String> log;
    private final AtomicLong loggedNanos;
    private final AtomicInteger notLogged = new AtomicInteger();

    @Inject
    public RefusedDestinations(MeterRegistry metrics) {
        this(metrics, System::nanoTime, LOG::warn);
    }

    /** @param nanos the time, as {@link System#nanoTime} gives it */
    public RefusedDestinations(MeterRegistry metrics, LongSupplier nanos, Consumer<String> log) {
        this.metrics = metrics;
        this.nanos = nanos;
        this.log = log;
        this.loggedNanos = new AtomicLong(nanos.getAsLong() - APART_NANOS);
    }

    /**
     * @param what was to go there, such as a delivery with its id
     * @param refusal as {@link AddressPolicy} gives it
     */
    public void note(String what, String tenant, String refusal) {
        String range = AddressPolicy.rangeOf(refusal);
        Counter.builder("carillon.webhook.destinations.refused")
                .description("Webhook destinations that are not connected to")
                .tag("range", range)
                .register(metrics)
                .increment();
        long now = nanos.getAsLong();
        long last = loggedNanos.get();
        if (now - last >= APART_NANOS && loggedNanos.compareAndSet(last, now)) {
            log.accept("The destination of %s of tenant %s is refused (range: %s); %d more since the last one logged"
                    .formatted(what, tenant, range, notLogged.getAndSet(0)));
        } else {
            notLogged.incrementAndGet();
        }
    }
}

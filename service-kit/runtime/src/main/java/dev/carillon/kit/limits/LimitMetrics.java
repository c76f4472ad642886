package dev.carillon.kit.limits;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** What was refused, and how much may be in flight and is: {@code carillon.limits.*}. */
@Singleton
public class LimitMetrics {
    private final Map<Limit, Counter> limited = new EnumMap<>(Limit.class);
    private final Map<Priority, Counter> shed = new EnumMap<>(Priority.class);

    LimitMetrics(MeterRegistry meters, ConcurrencyLimit concurrency) {
        for (Limit one : Limit.values()) {
            limited.put(
                    one,
                    Counter.builder("carillon.limits.limited")
                            .description("Requests beyond somebody's rate")
                            .tag("limit", one.wireName())
                            .register(meters));
        }
        for (Priority one : Priority.values()) {
            shed.put(
                    one,
                    Counter.builder("carillon.limits.shed")
                            .description(
                                    "Requests refused with 503 overloaded: as many are in flight, or wait in a queue, as may")
                            .tag("priority", one.wireName())
                            .register(meters));
        }
        Gauge.builder("carillon.limits.concurrency", concurrency, ConcurrencyLimit::limit)
                .description("How many requests may be in flight")
                .register(meters);
        Gauge.builder("carillon.limits.in.flight", concurrency, ConcurrencyLimit::inFlight)
                .description("Requests whose answer has not begun, without those that wait for others")
                .register(meters);
        Gauge.builder("carillon.limits.waiting", concurrency, ConcurrencyLimit::waiting)
                .description("Requests whose answer waits for another service")
                .register(meters);
    }

    void limited(Limit limit) {
        Objects.requireNonNull(limited.get(limit)).increment();
    }

    void shed(Priority priority) {
        Objects.requireNonNull(shed.get(priority)).increment();
    }
}

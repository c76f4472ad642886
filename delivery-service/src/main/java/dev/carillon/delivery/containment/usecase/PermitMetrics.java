package dev.carillon.delivery.containment.usecase;

import dev.carillon.delivery.channel.Channel;
import dev.carillon.delivery.channel.Channels;
import dev.carillon.delivery.containment.Breaker;
import dev.carillon.delivery.containment.Containment;
import dev.carillon.delivery.containment.Denial;
import dev.carillon.delivery.containment.Totals;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Permits as metrics, labelled by channel, state and reason, and never by receiver or tenant: there may be any number of those. */
final class PermitMetrics implements Containment.Observer {
    private final MeterRegistry metrics;

    PermitMetrics(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    @Override
    public void denied(String channel, Denial reason) {
        metrics.counter("carillon.delivery.permits.denied", "channel", channel, "reason", reason.slug())
                .increment();
    }

    @Override
    public void admitted(String channel, Duration waited) {
        metrics.timer("carillon.delivery.permits.wait", "channel", channel).record(waited);
    }

    static void gauges(MeterRegistry metrics, Containment containment, Channels channels) {
        Gauge.builder("carillon.delivery.content.bytes", containment, Containment::contentBytes)
                .register(metrics);
        channels.all().stream()
                .map(Channel::name)
                .forEach(channel -> gauges(metrics, new Recent(containment, channel)));
    }

    private static void gauges(MeterRegistry metrics, Recent recent) {
        gauge(metrics, "carillon.delivery.permits.waiting", recent, Totals::waiting);
        gauge(metrics, "carillon.delivery.calls.permitted", recent, Totals::inFlight);
        gauge(metrics, "carillon.delivery.retry.budgets.exhausted", recent, Totals::exhaustedBudgets);
        gauge(metrics, "carillon.delivery.retry.budgets.lowest", recent, Totals::lowestBudget);
        for (var state : Breaker.State.values()) {
            Gauge.builder("carillon.delivery.breakers", recent, one -> one.totals()
                            .breakers()
                            .getOrDefault(state, 0))
                    .tags("channel", recent.channel, "state", state.wireName())
                    .strongReference(true)
                    .register(metrics);
        }
    }

    private static void gauge(MeterRegistry metrics, String name, Recent recent, ToDoubleFunction<Totals> value) {
        Gauge.builder(name, recent, one -> value.applyAsDouble(one.totals()))
                .tag("channel", recent.channel)
                .strongReference(true)
                .register(metrics);
    }

    /** Sums up once for all gauges of a scrape. */
    private static final class Recent {
        private static final long FRESH_NANOS = 500_000_000;

        private final Containment containment;
        private final String channel;
        private @Nullable Totals totals;
        private long takenNanos;

        Recent(Containment containment, String channel) {
            this.containment = containment;
            this.channel = channel;
        }

        synchronized Totals totals() {
            var known = totals;
            if (known == null || System.nanoTime() - takenNanos > FRESH_NANOS) {
                known = containment.totals(channel);
                totals = known;
                takenNanos = System.nanoTime();
            }
            return known;
        }
    }
}

package dev.carillon.kit.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.stream.DoubleStream;

/**
 * Makes histograms of times that libraries measure, so that percentiles can be asked over all instances: {@code http.server.requests}, and what work waits
 * for a connection to a database, {@code sql.pool.queue.delay}. The buckets are few, since there is one set of them for each method, path template and
 * status.
 */
public final class TimeBuckets {
    private static final double[] OF_REQUESTS = nanos(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000);
    private static final double[] OF_POOLS = nanos(1, 5, 10, 50, 100, 500, 1_000, 5_000);

    private TimeBuckets() {}

    @Produces
    @Singleton
    static MeterFilter histogram() {
        return new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return switch (id.getName()) {
                    case "http.server.requests" -> with(OF_REQUESTS, config);
                    case "sql.pool.queue.delay" -> with(OF_POOLS, config);
                    default -> config;
                };
            }
        };
    }

    private static DistributionStatisticConfig with(double[] buckets, DistributionStatisticConfig config) {
        return DistributionStatisticConfig.builder()
                .serviceLevelObjectives(buckets)
                .build()
                .merge(config);
    }

    private static double[] nanos(double... millis) {
        return DoubleStream.of(millis)
                .map(one -> one * Duration.ofMillis(1).toNanos())
                .toArray();
    }
}

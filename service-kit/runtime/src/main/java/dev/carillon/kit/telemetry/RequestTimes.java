package dev.carillon.kit.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.stream.DoubleStream;

/**
 * Makes {@code http.server.requests} a histogram, so that percentiles can be asked over all instances. The buckets are few, since there is one set of them
 * for each method, path template and status.
 */
public final class RequestTimes {
    private static final String REQUESTS = "http.server.requests";

    private static final double[] BUCKETS_IN_NANOS = DoubleStream.of(
                    5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
            .map(millis -> millis * Duration.ofMillis(1).toNanos())
            .toArray();

    private RequestTimes() {}

    @Produces
    @Singleton
    static MeterFilter histogram() {
        return new MeterFilter() {
            @Override
            public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
                return id.getName().equals(REQUESTS)
                        ? DistributionStatisticConfig.builder()
                                .serviceLevelObjectives(BUCKETS_IN_NANOS)
                                .build()
                                .merge(config)
                        : config;
            }
        };
    }
}

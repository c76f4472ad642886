package dev.carillon.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusedDestinationsTest {
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final List<String> logged = new ArrayList<>();
    private final RefusedDestinations refusals = new RefusedDestinations(metrics, nanos::get, logged::add);

    @Test
    void one_a_second_is_logged_with_how_many_were_not_and_all_are_counted() {
        for (int i = 0; i < 4; i++) {
            refusals.note("delivery " + i, "acme", "a private network");
        }
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1) - 1);
        refusals.note("delivery 4", "acme", "a private network");
        nanos.addAndGet(1);
        refusals.note("delivery 5", "other", "a metadata service");

        assertThat(logged).hasSize(2);
        assertThat(logged.getFirst()).contains("delivery 0", "acme", "private", "0 more");
        assertThat(logged.getLast()).contains("delivery 5", "other", "metadata", "4 more");
        assertThat(metrics.counter("carillon.webhook.destinations.refused", "range", "private")
                        .count())
                .isEqualTo(5);
        assertThat(metrics.counter("carillon.webhook.destinations.refused", "range", "metadata")
                        .count())
                .isEqualTo(1);
    }
}

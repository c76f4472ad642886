package dev.carillon.delivery.containment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OpenCallsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final OpenCalls calls = new OpenCalls(new OpenCalls.Limits(15_000, 32, PATIENCE));

    private void learn(int times, Duration took) {
        for (int i = 0; i < times; i++) {
            calls.learn(took);
        }
    }

    @Test
    void a_burst_to_one_that_nothing_is_known_of_may_be_as_large_as_the_bound() {
        assertThat(calls.limit()).isEqualTo(15_000);
    }

    @Test
    void no_more_are_open_than_end_in_time_at_the_pace_of_the_latest() {
        learn(500, Duration.ofMillis(100));
        // 32 connections, ten answers a second on each, for ten seconds.
        assertThat(calls.limit()).isBetween(3_190, 3_210);
    }

    @Test
    void to_one_that_hangs_no_more_than_there_are_connections() {
        learn(500, Duration.ofSeconds(15));
        assertThat(calls.limit()).isEqualTo(32);
    }

    @Test
    void a_few_slow_calls_do_not_stand_in_a_bursts_way_and_a_few_quick_ones_clear_it() {
        learn(5, Duration.ofMillis(200));
        assertThat(calls.limit()).isGreaterThan(10_000);

        learn(500, Duration.ofSeconds(15));
        learn(40, Duration.ofMillis(3));
        assertThat(calls.limit()).isEqualTo(15_000);
    }

    @Test
    void the_wait_for_a_connection_is_not_the_receivers() {
        assertThat(calls.itself(32, Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
        assertThat(calls.itself(3_200, Duration.ofSeconds(1))).isEqualTo(Duration.ofMillis(10));
    }
}

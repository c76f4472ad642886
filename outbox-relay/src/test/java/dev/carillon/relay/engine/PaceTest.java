package dev.carillon.relay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long MILLI = Duration.ofMillis(1).toNanos();

    private final Pace pace = new Pace(Duration.ofMillis(5), Duration.ofMillis(200), 0);

    @Test
    void a_hint_ends_the_pause_of_an_idle_outbox() {
        pace.found(0, false, 0);
        pace.hint(MILLI);
        assertThat(pace.nanosLeft(MILLI)).isZero();
    }

    @Test
    void after_a_read_that_found_something_a_hint_waits_for_more_to_come() {
        pace.found(3, false, 0);
        pace.hint(MILLI);
        assertThat(pace.nanosLeft(MILLI)).isEqualTo(4 * MILLI);
        pace.hint(7 * MILLI);
        assertThat(pace.nanosLeft(7 * MILLI)).isZero();
    }

    @Test
    void a_read_that_came_back_full_is_followed_by_the_next_at_once() {
        pace.found(1_000, true, 0);
        assertThat(pace.nanosLeft(0)).isZero();
        pace.hint(MILLI);
        assertThat(pace.nanosLeft(MILLI)).isZero();
    }

    @Test
    void reads_that_find_nothing_come_ever_later() {
        pace.found(0, false, 0);
        assertThat(pace.nanosLeft(0)).isEqualTo(10 * MILLI);
        pace.found(0, false, 0);
        assertThat(pace.nanosLeft(0)).isEqualTo(20 * MILLI);
        for (int i = 0; i < 10; i++) {
            pace.found(0, false, 0);
        }
        assertThat(pace.nanosLeft(0)).isEqualTo(200 * MILLI);
    }
}

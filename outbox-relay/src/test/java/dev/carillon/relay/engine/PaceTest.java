package dev.carillon.relay.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long MS = Duration.ofMillis(1).toNanos();

    private final Pace pace = new Pace(Duration.ofMillis(2), Duration.ofMillis(500), 0);

    @Test
    void a_hint_makes_a_read_due_at_once_when_the_one_before_has_been_over_for_as_long_as_it_took() {
        read(0, 4);
        pace.hint(8 * MS);
        assertThat(pace.nanosLeft(8 * MS)).isZero();
    }

    @Test
    void a_hint_before_that_makes_it_due_when_it_has() {
        read(0, 4);
        pace.hint(5 * MS);
        assertThat(pace.nanosLeft(5 * MS)).isEqualTo(3 * MS);
    }

    @Test
    void after_a_quick_read_what_comes_within_the_rest_is_left_to_the_next() {
        read(0, 1);
        pace.hint(MS);
        assertThat(pace.nanosLeft(MS)).isEqualTo(2 * MS);
        pace.hint(4 * MS);
        assertThat(pace.nanosLeft(4 * MS)).isZero();
    }

    @Test
    void a_hint_waits_for_the_rest_and_not_for_the_next_poll() {
        var rare = new Pace(Duration.ofMillis(5), Duration.ofHours(1), 0);
        rare.began(0);
        rare.ended(false, false, MS);
        rare.hint(2 * MS);
        assertThat(rare.nanosLeft(2 * MS)).isEqualTo(4 * MS);
    }

    @Test
    void what_a_hint_tells_of_during_a_read_may_not_be_in_it_and_is_read_after_the_rest() {
        var patient = new Pace(Duration.ofMillis(5), Duration.ofMillis(100), 0);
        patient.began(0);
        patient.hint(MS);
        patient.ended(false, false, 2 * MS);
        assertThat(patient.nanosLeft(2 * MS)).isEqualTo(5 * MS);
        patient.began(7 * MS);
        patient.ended(false, false, 8 * MS);
        assertThat(patient.nanosLeft(8 * MS)).isEqualTo(100 * MS);
    }

    @Test
    void a_source_that_rests_for_longer_does_so_with_a_hint_and_without_one() {
        var restful = new Pace(Duration.ofMillis(20), Duration.ofMillis(20), 0);
        restful.began(0);
        restful.ended(false, false, MS);
        assertThat(restful.nanosLeft(MS)).isEqualTo(20 * MS);
        restful.hint(2 * MS);
        assertThat(restful.nanosLeft(2 * MS)).isEqualTo(19 * MS);
    }

    @Test
    void a_slow_read_is_followed_by_as_long_a_rest_without_a_hint_too() {
        var hasty = new Pace(Duration.ofMillis(2), Duration.ofMillis(2), 0);
        hasty.began(0);
        hasty.ended(false, false, 50 * MS);
        assertThat(hasty.nanosLeft(50 * MS)).isEqualTo(50 * MS);
    }

    @Test
    void one_that_took_very_long_is_not_rested_from_for_as_long() {
        read(0, 5_000);
        pace.hint(5_001 * MS);
        assertThat(pace.nanosLeft(5_001 * MS)).isEqualTo(199 * MS);
    }

    @Test
    void what_comes_back_full_is_read_on_at_once() {
        pace.began(0);
        pace.ended(true, false, 50 * MS);
        assertThat(pace.nanosLeft(50 * MS)).isZero();
        pace.hint(50 * MS);
        assertThat(pace.nanosLeft(50 * MS)).isZero();
    }

    @Test
    void what_was_left_is_read_after_the_rest() {
        pace.began(0);
        pace.ended(false, true, MS);
        assertThat(pace.nanosLeft(MS)).isEqualTo(2 * MS);
    }

    @Test
    void without_a_hint_the_next_read_is_after_the_idle_pause() {
        read(0, 1);
        assertThat(pace.nanosLeft(MS)).isEqualTo(500 * MS);
        read(501, 1);
        assertThat(pace.nanosLeft(502 * MS)).isEqualTo(500 * MS);
    }

    private void read(long beginMillis, long millis) {
        pace.began(beginMillis * MS);
        pace.ended(false, false, (beginMillis + millis) * MS);
    }
}

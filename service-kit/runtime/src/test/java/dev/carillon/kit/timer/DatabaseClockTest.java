package dev.carillon.kit.timer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DatabaseClockTest {
    private static final Duration AHEAD = Duration.ofMinutes(5);
    private static final Duration SLACK = Duration.ofSeconds(2);

    @Test
    void it_follows_a_database_whose_clock_is_ahead_or_behind() {
        assertThat(sampled(AHEAD).skew()).isBetween(AHEAD.minus(SLACK), AHEAD.plus(SLACK));
        assertThat(sampled(AHEAD.negated()).skew())
                .isBetween(AHEAD.negated().minus(SLACK), AHEAD.negated().plus(SLACK));
    }

    @Test
    void a_slow_answer_does_not_set_it_back() {
        var clock = sampled(AHEAD);
        long now = System.nanoTime();
        clock.sample(
                Instant.now().plus(AHEAD).minusSeconds(3),
                now - Duration.ofSeconds(4).toNanos(),
                now);
        assertThat(clock.skew()).isBetween(AHEAD.minus(SLACK), AHEAD.plus(SLACK));
    }

    @Test
    void it_never_runs_ahead_of_what_the_samples_prove() {
        var clock = new DatabaseClock();
        var read = Instant.now();
        // The reading was taken up to a second before its answer was here: only the reading is proven.
        long now = System.nanoTime();
        clock.sample(read, now, now + Duration.ofSeconds(1).toNanos());
        assertThat(clock.instant()).isBefore(Instant.now().minusMillis(900));
    }

    @Test
    void old_samples_are_forgotten_so_that_a_clock_set_back_is_followed_however_slow_the_answers() {
        var clock = sampled(AHEAD);
        for (int i = 0; i < 16; i++) {
            long now = System.nanoTime();
            clock.sample(Instant.now(), now - AHEAD.multipliedBy(2).toNanos(), now);
        }
        assertThat(clock.skew()).isBetween(SLACK.negated(), SLACK);
    }

    @Test
    void a_clock_that_was_set_back_is_followed_with_the_next_sample_and_not_ahead_of_it() {
        var clock = sampled(AHEAD);
        sample(clock, Duration.ZERO);
        assertThat(clock.skew()).isBetween(SLACK.negated(), SLACK);
    }

    private static DatabaseClock sampled(Duration ahead) {
        var clock = new DatabaseClock();
        sample(clock, ahead);
        return clock;
    }

    /** Answered at once. */
    private static void sample(DatabaseClock clock, Duration ahead) {
        long sent = System.nanoTime();
        clock.sample(Instant.now().plus(ahead), sent, System.nanoTime());
    }
}

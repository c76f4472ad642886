package dev.carillon.relay.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SparingPaceTest {
    private static final Duration LEAST = Duration.ofSeconds(30);

    private long now = Long.MAX_VALUE - 5;
    private final SparingPace pace = new SparingPace(LEAST, now);

    @Test
    void the_first_may_begin_at_once_and_no_other_before_it_has_ended() {
        assertThat(begin()).isTrue();

        pass(Duration.ofHours(1));

        assertThat(begin()).isFalse();
    }

    @Test
    void what_takes_little_is_done_again_after_the_least_pause() {
        work(Duration.ofMillis(300));

        pass(LEAST.minusNanos(1));
        assertThat(begin()).isFalse();

        pass(Duration.ofNanos(1));
        assertThat(begin()).isTrue();
    }

    @Test
    void what_takes_long_is_done_again_after_a_hundred_times_as_long() {
        work(Duration.ofSeconds(2));

        pass(Duration.ofSeconds(200).minusNanos(1));
        assertThat(begin()).isFalse();

        pass(Duration.ofNanos(1));
        assertThat(begin()).isTrue();
    }

    @Test
    void only_the_latest_one_counts() {
        work(Duration.ofSeconds(2));
        pass(Duration.ofSeconds(200));
        work(Duration.ofMillis(1));

        pass(LEAST);

        assertThat(begin()).isTrue();
    }

    @Test
    void who_asks_all_the_time_works_less_than_a_hundredth_of_it() {
        for (long millis : List.of(1L, 299L, 301L, 2_000L, 10_000L)) {
            assertThat(worked(Duration.ofMillis(millis), Duration.ofHours(100)))
                    .as("%d ms each", millis)
                    .isPositive()
                    .isLessThan(Duration.ofHours(1));
        }
    }

    /** How much of the time goes to work that takes so long each time, and is begun whenever it may be. */
    private static Duration worked(Duration each, Duration time) {
        var eager = new SparingPace(LEAST, 0);
        var worked = Duration.ZERO;
        for (long at = 0; at < time.toNanos(); at += Duration.ofSeconds(1).toNanos()) {
            if (eager.begin(at)) {
                at += each.toNanos();
                eager.ended(at);
                worked = worked.plus(each);
            }
        }
        return worked;
    }

    private void work(Duration time) {
        assertThat(begin()).isTrue();
        pass(time);
        pace.ended(now);
    }

    private boolean begin() {
        return pace.begin(now);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }
}

package dev.carillon.delivery.containment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.containment.RateLimit.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void as_many_as_it_allows_go_at_once_and_the_next_when_the_first_is_past() {
        var limit = new RateLimit(new Rate(30, SECOND));
        for (int i = 0; i < 30; i++) {
            assertThat(limit.earliest(NOW)).isEqualTo(NOW);
            limit.take(NOW);
        }

        assertThat(limit.earliest(NOW)).isEqualTo(NOW.plus(SECOND));
        assertThat(limit.left(NOW)).isZero();
        assertThat(limit.left(NOW.plus(SECOND))).isEqualTo(30);
    }

    @Test
    void in_no_stretch_of_its_length_are_there_more_whenever_they_ask() {
        for (long seed = 0; seed < 100; seed++) {
            var random = new Random(seed);
            var rate = new Rate(1 + random.nextInt(30), Duration.ofMillis(100 + random.nextInt(60_000)));
            var limit = new RateLimit(rate);
            var calls = new ArrayList<Instant>();
            var now = NOW;
            for (int i = 0; i < 500; i++) {
                now = now.plusMillis(random.nextInt(200));
                var at = limit.earliest(now);
                assertThat(at).isAfterOrEqualTo(now);
                limit.take(at);
                calls.add(at);
                now = random.nextBoolean() ? at : now;
            }
            calls.sort(null);
            for (int i = rate.calls(); i < calls.size(); i++) {
                assertThat(Duration.between(calls.get(i - rate.calls()), calls.get(i)))
                        .as("%d calls of seed %d", rate.calls() + 1, seed)
                        .isGreaterThanOrEqualTo(rate.per());
            }
        }
    }

    @Test
    void while_it_is_paused_nothing_goes_and_a_shorter_pause_does_not_shorten_it() {
        var limit = new RateLimit(null);
        limit.pause(NOW.plusSeconds(30));
        limit.pause(NOW.plusSeconds(5));

        assertThat(limit.earliest(NOW)).isEqualTo(NOW.plusSeconds(30));
        assertThat(limit.pausedUntil(NOW)).isEqualTo(NOW.plusSeconds(30));
        assertThat(limit.earliest(NOW.plusSeconds(31))).isEqualTo(NOW.plusSeconds(31));
        assertThat(limit.pausedUntil(NOW.plusSeconds(30))).isNull();
    }

    @Test
    void several_instances_share_it() {
        assertThat(new Rate(30, SECOND).sharedBy(3)).isEqualTo(new Rate(10, SECOND));
        assertThat(new Rate(1, SECOND).sharedBy(3)).isEqualTo(new Rate(1, Duration.ofSeconds(3)));
        assertThat(new Rate(20, Duration.ofMinutes(1)).sharedBy(40)).isEqualTo(new Rate(1, Duration.ofMinutes(2)));
    }
}

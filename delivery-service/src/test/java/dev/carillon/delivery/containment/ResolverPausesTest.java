package dev.carillon.delivery.containment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.kit.testing.SettableClock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ResolverPausesTest {
    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    // How far apart those of one tenant come back.
    private static final Duration APART = Duration.ofMillis(2);
    private static final UUID DELIVERY = new UUID(1, 1);

    private final SettableClock clock = SettableClock.at("2026-11-27T09:00:00Z");
    private final ResolverPauses pauses = pauses(() -> 1);

    private ResolverPauses pauses(DoubleSupplier random) {
        return new ResolverPauses(FIRST, LONGEST, clock, random);
    }

    /** In seconds, and empty for an attempt; the time passes. */
    private Optional<Long> next(UUID delivery) {
        var pause = pauses.next(delivery, "acme");
        clock.advance(pause.orElse(Duration.ofMinutes(4)));
        return pause.map(Duration::toSeconds);
    }

    @Test
    void whoever_is_not_called_waits_ever_longer_and_has_failed_once_it_has_waited_for_the_longest_time() {
        for (long seconds : new long[] {10, 20, 40, 80, 160, 300}) {
            assertThat(next(DELIVERY)).contains(seconds);
        }
        assertThat(next(DELIVERY)).isEmpty();
        assertThat(next(DELIVERY)).as("each time from then on").isEmpty();
    }

    @Test
    void who_was_called_begins_anew() {
        IntStream.range(0, 7).forEach(time -> next(DELIVERY));

        pauses.called(DELIVERY);

        assertThat(next(DELIVERY)).contains(10L);
    }

    @Test
    void a_pause_is_half_as_long_at_least_at_random() {
        assertThat(pauses(() -> 0).next(DELIVERY, "acme")).contains(Duration.ofMillis(5_002));
        assertThat(pauses(() -> 1).next(DELIVERY, "acme")).contains(Duration.ofMillis(10_002));
    }

    @Test
    void however_many_of_a_tenant_there_are_they_come_back_at_a_pace_and_others_do_not_wait_for_them() {
        Optional<Duration> last = Optional.empty();
        for (int i = 0; i < 10_000; i++) {
            last = pauses.next(UUID.randomUUID(), "flood");
        }

        assertThat(last).contains(FIRST.plus(APART.multipliedBy(10_000)));
        assertThat(pauses.next(DELIVERY, "acme")).contains(FIRST.plus(APART));
        clock.advance(Duration.ofSeconds(20));
        assertThat(pauses.next(UUID.randomUUID(), "flood")).contains(FIRST.plus(APART));
    }

    @Test
    void those_that_there_is_no_room_for_wait_for_the_longest_time_until_others_are_forgotten() {
        for (int i = 0; i < 100_000; i++) {
            pauses.next(UUID.randomUUID(), "tenant-" + i);
        }
        assertThat(pauses.next(DELIVERY, "acme")).contains(LONGEST.plus(APART));

        clock.advance(Duration.ofHours(1).plusSeconds(1));

        assertThat(pauses.next(DELIVERY, "acme")).contains(FIRST.plus(APART));
    }

    @Test
    void pauses_that_would_be_none_or_shrink_are_refused() {
        assertThatThrownBy(() -> new ResolverPauses(Duration.ZERO, LONGEST, clock, () -> 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ResolverPauses(LONGEST, FIRST, clock, () -> 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

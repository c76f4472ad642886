package dev.carillon.delivery.containment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.delivery.containment.Breaker.State;
import dev.carillon.delivery.containment.Breaker.Verdict;
import dev.carillon.kit.testing.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BreakerTest {
    private static final Duration QUICK = Duration.ofMillis(20);
    private static final Duration FIRST_OPEN = Duration.ofSeconds(5);
    private static final Duration LONGEST_OPEN = Duration.ofMinutes(1);

    private final SettableClock clock = SettableClock.at("2026-11-27T09:00:00Z");
    private final Breaker breaker = new Breaker(limits(), clock.instant(), () -> 0);

    static Breaker.Limits limits() {
        return new Breaker.Limits(
                Duration.ofSeconds(30), 10, 0.5, Duration.ofSeconds(5), 0.9, FIRST_OPEN, LONGEST_OPEN, 3);
    }

    private void calls(int number, Verdict verdict, Duration took) {
        for (int i = 0; i < number; i++) {
            breaker.ended(breaker.begins(clock.instant()), verdict, took, clock.instant());
        }
    }

    private void opens() {
        calls(10, Verdict.BAD, QUICK);
        assertThat(breaker.state()).isEqualTo(State.OPEN);
    }

    private int probeOnceOpenIsOver() {
        clock.set(Objects.requireNonNull(breaker.openUntil()));
        assertThat(breaker.refusesUntil(clock.instant())).isNull();
        return breaker.begins(clock.instant());
    }

    @Test
    void half_of_enough_calls_failing_opens_it_and_it_says_until_when() {
        calls(5, Verdict.GOOD, QUICK);
        calls(4, Verdict.BAD, QUICK);
        assertThat(breaker.refusesUntil(clock.instant())).isNull();

        calls(1, Verdict.BAD, QUICK);

        assertThat(breaker.state()).isEqualTo(State.OPEN);
        assertThat(breaker.refusesUntil(clock.instant()))
                .isEqualTo(clock.instant().plus(FIRST_OPEN));
        assertThat(breaker.failureRate(clock.instant())).isEqualTo(0.5);
    }

    @Test
    void a_third_of_calls_failing_does_not() {
        for (int i = 0; i < 300; i++) {
            calls(1, i % 3 == 0 ? Verdict.BAD : Verdict.GOOD, QUICK);
        }
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void failures_that_have_left_the_window_do_not_count() {
        calls(9, Verdict.BAD, QUICK);
        clock.advance(Duration.ofSeconds(34));
        calls(9, Verdict.BAD, QUICK);

        assertThat(breaker.state()).isEqualTo(State.CLOSED);
    }

    @Test
    void what_says_nothing_about_the_provider_does_not_count() {
        calls(100, Verdict.NONE, QUICK);
        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        assertThat(breaker.failureRate(clock.instant())).isZero();
    }

    @Test
    void slow_calls_open_it_even_if_they_succeed() {
        calls(10, Verdict.GOOD, Duration.ofSeconds(6));
        assertThat(breaker.state()).isEqualTo(State.OPEN);
    }

    @Test
    void a_few_at_once_find_out_and_a_success_closes_it() {
        opens();
        int probe = probeOnceOpenIsOver();
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        breaker.begins(clock.instant());
        breaker.begins(clock.instant());
        assertThat(breaker.refusesUntil(clock.instant())).isAfter(clock.instant());

        breaker.ended(probe, Verdict.GOOD, QUICK, clock.instant());

        assertThat(breaker.state()).isEqualTo(State.CLOSED);
        assertThat(breaker.refusesUntil(clock.instant())).isNull();
        assertThat(breaker.failureRate(clock.instant())).isZero();
    }

    @Test
    void a_probe_that_says_nothing_makes_room_for_the_next() {
        opens();
        breaker.begins(probe());
        breaker.begins(clock.instant());
        int last = breaker.begins(clock.instant());
        assertThat(breaker.refusesUntil(clock.instant())).isNotNull();

        breaker.ended(last, Verdict.NONE, QUICK, clock.instant());

        assertThat(breaker.refusesUntil(clock.instant())).isNull();
        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
    }

    private Instant probe() {
        clock.set(Objects.requireNonNull(breaker.openUntil()));
        return clock.instant();
    }

    @Test
    void each_failed_probe_doubles_the_time_up_to_the_longest() {
        opens();
        var expected = FIRST_OPEN;
        for (int i = 0; i < 6; i++) {
            breaker.ended(probeOnceOpenIsOver(), Verdict.BAD, QUICK, clock.instant());
            expected = expected.multipliedBy(2).compareTo(LONGEST_OPEN) < 0 ? expected.multipliedBy(2) : LONGEST_OPEN;
            assertThat(breaker.openUntil()).isEqualTo(clock.instant().plus(expected));
        }
        assertThat(expected).isEqualTo(LONGEST_OPEN);
    }

    @Test
    void closed_for_long_enough_it_begins_anew() {
        opens();
        breaker.ended(probeOnceOpenIsOver(), Verdict.BAD, QUICK, clock.instant());
        breaker.ended(probeOnceOpenIsOver(), Verdict.GOOD, QUICK, clock.instant());
        clock.advance(LONGEST_OPEN);

        opens();

        assertThat(breaker.openUntil()).isEqualTo(clock.instant().plus(FIRST_OPEN));
    }

    @Test
    void calls_that_were_under_way_when_it_opened_neither_close_it_nor_open_it_for_longer() {
        int before = breaker.begins(clock.instant());
        opens();
        var until = breaker.openUntil();
        breaker.ended(before, Verdict.GOOD, QUICK, clock.instant());
        assertThat(breaker.state()).isEqualTo(State.OPEN);
        probeOnceOpenIsOver();

        breaker.ended(before, Verdict.BAD, QUICK, clock.instant());

        assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
        assertThat(until).isEqualTo(clock.instant());
    }

    @Test
    void limits_that_never_open_or_never_close_are_refused() {
        assertThatThrownBy(() -> new Breaker.Limits(
                        Duration.ofSeconds(30), 10, 0.5, Duration.ofSeconds(5), 0.9, FIRST_OPEN, Duration.ZERO, 3))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Breaker.Limits(
                        Duration.ofSeconds(30), 0, 0.5, Duration.ofSeconds(5), 0.9, FIRST_OPEN, LONGEST_OPEN, 3))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatever_happens_it_is_open_for_a_bounded_time_and_never_probed_by_more_than_its_few() {
        for (long seed = 0; seed < 200; seed++) {
            var random = new Random(seed);
            var one = new Breaker(limits(), clock.instant(), random::nextDouble);
            var underWay = new ArrayList<Integer>();
            int halfOpen = -1;
            for (int step = 0; step < 300; step++) {
                clock.advance(Duration.ofMillis(random.nextInt(4_000)));
                var until = one.refusesUntil(clock.instant());
                if (until == null) {
                    underWay.add(one.begins(clock.instant()));
                    halfOpen = one.state() == State.HALF_OPEN ? underWay.getLast() : -1;
                } else {
                    assertThat(until).isBetween(clock.instant(), clock.instant().plus(LONGEST_OPEN));
                }
                int probes = halfOpen;
                assertThat(underWay.stream().filter(age -> age == probes).count())
                        .isLessThanOrEqualTo(3);
                if (!underWay.isEmpty() && random.nextBoolean()) {
                    int ended = underWay.remove(random.nextInt(underWay.size()));
                    var verdict = Verdict.values()[random.nextInt(3)];
                    one.ended(ended, verdict, Duration.ofMillis(random.nextInt(8_000)), clock.instant());
                }
            }
        }
    }
}

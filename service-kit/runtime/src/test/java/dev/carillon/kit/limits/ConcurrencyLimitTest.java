package dev.carillon.kit.limits;

import static dev.carillon.kit.limits.Priority.DEFERRABLE;
import static dev.carillon.kit.limits.Priority.PROMISE;
import static dev.carillon.kit.limits.Priority.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carillon.kit.limits.ConcurrencyLimit.Passage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConcurrencyLimitTest {
    private static final Duration FAST = Duration.ofMillis(5);
    private static final Duration SLOW = Duration.ofMillis(400);

    private final AtomicLong now = new AtomicLong();
    private final ConcurrencyLimit limit = limit(Map.of(
            "carillon.limits.concurrency.min", "20",
            "carillon.limits.concurrency.max", "100",
            "carillon.limits.concurrency.slow", "PT0.3S"));

    @Test
    void what_can_wait_is_shed_at_half_of_the_limit_reads_at_four_fifths_and_promises_are_last() {
        enter(PROMISE, 50);
        assertThat(limit.enter(DEFERRABLE, true)).isNull();
        enter(READ, 30);
        assertThat(limit.enter(READ, true)).isNull();
        enter(PROMISE, 20);
        assertThat(limit.enter(PROMISE, true)).isNull();
        assertThat(limit.inFlight()).isEqualTo(100);
    }

    @Test
    void one_that_ends_makes_room_for_one_however_often_it_says_so() {
        var passages = enter(PROMISE, 100);
        passages.getFirst().end();
        passages.getFirst().end();
        assertThat(limit.inFlight()).isEqualTo(99);
        enter(PROMISE, 1);
        assertThat(limit.enter(PROMISE, true)).isNull();
    }

    @Test
    void slow_answers_lower_the_limit_to_what_is_answered_in_time_by_half_at_most_in_each_window_down_to_the_least() {
        // 25 a second: eight in 0.3 s.
        answer(10, SLOW);
        assertThat(limit.limit()).isEqualTo(50);
        answer(10, SLOW);
        assertThat(limit.limit()).isEqualTo(25);
        answer(10, SLOW);
        assertThat(limit.limit()).isEqualTo(20);
    }

    @Test
    void what_is_answered_in_time_is_let_in() {
        var passages = enter(PROMISE, 44);
        now.addAndGet(Duration.ofMillis(310).toNanos());
        passages.subList(0, 10).forEach(Passage::end);
        assertThat(limit.limit()).isEqualTo(50);
        // 34 in the quarter of a second that follows: 40 in 0.3 s.
        passages.subList(10, 43).forEach(Passage::end);
        now.addAndGet(ConcurrencyLimit.WINDOW.toNanos());
        passages.getLast().end();
        assertThat(limit.limit()).isEqualTo(40);
    }

    @Test
    void slow_answers_lower_it_by_a_tenth_even_where_more_is_answered_in_time() {
        var passages = enter(PROMISE, 90);
        now.addAndGet(Duration.ofMillis(310).toNanos());
        passages.subList(0, 89).forEach(Passage::end);
        now.addAndGet(ConcurrencyLimit.WINDOW.toNanos());
        passages.getLast().end();
        assertThat(limit.limit()).isEqualTo(45);
    }

    @Test
    void fast_answers_raise_it_a_little_in_each_window_up_to_the_most() {
        answer(10, SLOW);
        passWindow();
        answer(10, FAST);
        assertThat(limit.limit()).isEqualTo(51);
        for (int window = 0; window < 60; window++) {
            passWindow();
            answer(10, FAST);
        }
        assertThat(limit.limit()).isEqualTo(100);
    }

    @Test
    void half_of_the_answers_may_be_slow() {
        var slow = enter(PROMISE, 5);
        now.addAndGet(SLOW.toNanos());
        slow.forEach(Passage::end);
        answer(5, FAST);
        assertThat(limit.limit()).isEqualTo(100);

        slow = enter(PROMISE, 6);
        now.addAndGet(SLOW.toNanos());
        slow.forEach(Passage::end);
        answer(4, FAST);
        assertThat(limit.limit()).isEqualTo(50);
    }

    @Test
    void a_few_slow_answers_decide_nothing_before_there_are_ten() {
        answer(9, SLOW);
        passWindow();
        assertThat(limit.limit()).isEqualTo(100);
        answer(1, SLOW);
        assertThat(limit.limit()).isEqualTo(50);
    }

    @Test
    void a_window_is_judged_once_however_many_answers_it_has() {
        passWindow();
        answer(10, SLOW);
        answer(40, FAST);
        assertThat(limit.limit()).isEqualTo(50);
    }

    @Test
    void what_waits_for_others_takes_room_from_its_like_alone_and_tells_nothing() {
        var waiting = new ArrayList<Passage>();
        for (int n = 0; n < 100; n++) {
            waiting.add(Objects.requireNonNull(limit.enter(PROMISE, false)));
        }
        assertThat(limit.enter(PROMISE, false)).isNull();
        assertThat(limit.waiting()).isEqualTo(100);
        assertThat(limit.inFlight()).isZero();

        enter(PROMISE, 100);
        now.addAndGet(SLOW.toNanos());
        waiting.forEach(Passage::end);
        assertThat(limit.waiting()).isZero();
        assertThat(limit.inFlight()).isEqualTo(100);
        assertThat(limit.limit()).isEqualTo(100);
    }

    @Test
    void of_what_waits_for_others_no_more_may_than_the_limit_is_by_then() {
        answer(10, SLOW);
        for (int n = 0; n < 50; n++) {
            assertThat(limit.enter(PROMISE, false)).isNotNull();
        }
        assertThat(limit.enter(PROMISE, false)).isNull();
        assertThat(limit.enter(READ, false)).isNull();
        enter(PROMISE, 1);
    }

    @Test
    void what_turns_out_to_wait_for_others_tells_nothing_either() {
        for (int n = 0; n < 100; n++) {
            var waiting = Objects.requireNonNull(limit.enter(PROMISE, true));
            now.addAndGet(SLOW.toNanos());
            waiting.awaitOthers();
            waiting.end();
        }
        assertThat(limit.inFlight()).isZero();
        assertThat(limit.limit()).isEqualTo(100);
    }

    @Test
    void by_default_sixty_four_clients_are_never_shed_whatever_they_do() {
        var slowest = limit(Map.of());
        for (int window = 0; window < 100; window++) {
            var passages = new ArrayList<Passage>();
            for (int client = 0; client < 64; client++) {
                passages.add(Objects.requireNonNull(slowest.enter(DEFERRABLE, true)));
            }
            now.addAndGet(Duration.ofSeconds(2).toNanos());
            passages.forEach(Passage::end);
        }
        assertThat(slowest.limit()).isEqualTo(256);
    }

    @ParameterizedTest
    @CsvSource({
        "carillon.limits.concurrency.min, 1",
        "carillon.limits.concurrency.max, 255",
        "carillon.limits.concurrency.slow, PT0S"
    })
    void settings_that_let_nobody_in_are_refused_by_name(String name, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> limit(Map.of(name, value)))
                .withMessageContaining(name);
    }

    private ConcurrencyLimit limit(Map<String, String> settings) {
        return new ConcurrencyLimit(RateLimitsTest.settings(settings).concurrency(), now::get);
    }

    private List<Passage> enter(Priority priority, int times) {
        var passages = new ArrayList<Passage>();
        for (int n = 0; n < times; n++) {
            passages.add(Objects.requireNonNull(limit.enter(priority, true)));
        }
        return passages;
    }

    /** So many requests at once, each answered after so long. */
    private void answer(int times, Duration after) {
        var passages = enter(PROMISE, times);
        now.addAndGet(after.toNanos());
        passages.forEach(Passage::end);
    }

    private void passWindow() {
        now.addAndGet(ConcurrencyLimit.WINDOW.toNanos());
    }
}

package dev.carillon.relay.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.relay.Lane;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LaneBacklogsTest {
    private final AtomicLong nanos = new AtomicLong(77);
    private final FakeOutboxState state = new FakeOutboxState();
    private final LaneBacklogs backlogs = new LaneBacklogs("booking", Duration.ofHours(1), nanos::get);

    @Test
    void each_lane_is_told_as_it_was_counted_and_none_before_that() {
        backlogs.count(state);
        assertThat(backlog(3)).isNaN();

        state.counted(Map.of(3, 7L, 63, 10_000L));

        assertThat(backlog(3)).isEqualTo(7);
        assertThat(backlog(63)).isEqualTo(10_000);
        assertThat(backlog(0)).isZero();
    }

    @Test
    void however_often_it_is_called_one_count_is_made_at_a_time_and_the_next_half_a_minute_later() {
        backlogs.count(state);
        backlogs.count(state);
        assertThat(state.counts).isOne();

        state.counted(Map.of());
        pass(Duration.ofSeconds(29));
        backlogs.count(state);
        assertThat(state.counts).isOne();

        pass(Duration.ofSeconds(1));
        backlogs.count(state);
        state.counted(Map.of(3, 8L));

        assertThat(state.counts).isEqualTo(2);
        assertThat(backlog(3)).isEqualTo(8);
    }

    @Test
    void a_count_that_took_two_seconds_is_repeated_after_two_hundred_and_told_until_that_is_overdue() {
        backlogs.count(state);
        pass(Duration.ofSeconds(2));
        state.counted(Map.of(3, 7L));

        pass(Duration.ofSeconds(199));
        backlogs.count(state);
        assertThat(state.counts).isOne();

        pass(Duration.ofSeconds(1));
        backlogs.count(state);
        assertThat(state.counts).isEqualTo(2);

        pass(Duration.ofSeconds(30));
        assertThat(backlog(3)).isEqualTo(7);

        pass(Duration.ofSeconds(1));
        assertThat(backlog(3)).isNaN();
    }

    @Test
    void a_count_that_failed_costs_as_much_as_any_and_tells_nothing() {
        backlogs.count(state);
        state.counted(Map.of(3, 7L));
        pass(Duration.ofSeconds(30));
        backlogs.count(state);
        pass(Duration.ofSeconds(9));
        state.notCounted();

        assertThat(backlog(3)).isEqualTo(7);

        pass(Duration.ofSeconds(899));
        backlogs.count(state);
        assertThat(state.counts).isEqualTo(2);
        assertThat(backlog(3)).isNaN();

        pass(Duration.ofSeconds(1));
        backlogs.count(state);
        assertThat(state.counts).isEqualTo(3);
        state.counted(Map.of(3, 9L));
        assertThat(backlog(3)).isEqualTo(9);
    }

    @Test
    void a_count_that_is_not_answered_is_given_up() {
        var impatient = new LaneBacklogs("booking", Duration.ofMillis(1), nanos::get);
        impatient.count(state);

        await().untilAsserted(() -> {
            pass(Duration.ofSeconds(30));
            impatient.count(state);
            assertThat(state.counts).isGreaterThan(1);
        });
    }

    private double backlog(int lane) {
        return backlogs.of(new Lane(lane));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}

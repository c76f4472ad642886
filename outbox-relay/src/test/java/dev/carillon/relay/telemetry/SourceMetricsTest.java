package dev.carillon.relay.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.relay.Lane;
import dev.carillon.relay.OutboxState.Summary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SourceMetricsTest {
    private static final String LANE_AGES = "carillon.outbox.lane.oldest.age.seconds";
    private static final String LANE_BACKLOGS = "carillon.outbox.lane.backlog";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicLong nanos = new AtomicLong(77);
    private final SourceMetrics metrics = new SourceMetrics("booking", meters, nanos::get);
    private final FakeOutboxState state = new FakeOutboxState();

    @Test
    void what_was_seen_of_a_source_is_told_until_it_is_too_old_and_then_nothing_is() {
        assertThat(gauge("carillon.outbox.backlog")).isNaN();
        metrics.saw(new Summary(7, Map.of(new Lane(3), Duration.ofMillis(1_500)), 2, false));

        pass(Duration.ofSeconds(30));

        assertThat(gauge("carillon.outbox.backlog")).isEqualTo(7);
        assertThat(gauge("carillon.outbox.oldest.age.seconds")).isEqualTo(1.5);
        assertThat(gauge("carillon.outbox.parked")).isEqualTo(2);
        assertThat(gauge("carillon.outbox.unread.seconds")).isEqualTo(30);

        pass(Duration.ofSeconds(1));

        assertThat(gauge("carillon.outbox.backlog")).isNaN();
        assertThat(gauge("carillon.outbox.oldest.age.seconds")).isNaN();
        assertThat(gauge("carillon.outbox.parked")).isNaN();
        assertThat(gauge("carillon.outbox.unread.seconds")).isEqualTo(31);

        metrics.saw(new Summary(0, Map.of(), 0, false));

        assertThat(gauge("carillon.outbox.backlog")).isZero();
        assertThat(gauge("carillon.outbox.unread.seconds")).isZero();
    }

    @Test
    void every_lane_tells_how_long_its_oldest_event_waits_and_there_are_no_other_lanes() {
        assertThat(meters.get(LANE_AGES).gauges()).hasSize(Lane.COUNT);
        assertThat(age(3)).isNaN();

        var ages = Map.of(new Lane(3), Duration.ofMillis(1_500), new Lane(63), Duration.ofSeconds(9));
        metrics.saw(new Summary(7, ages, 0, false));

        assertThat(age(3)).isEqualTo(1.5);
        assertThat(age(63)).isEqualTo(9);
        assertThat(age(0)).isZero();
        assertThat(gauge("carillon.outbox.oldest.age.seconds")).isEqualTo(9);

        pass(Duration.ofSeconds(31));

        assertThat(age(3)).isNaN();
        assertThat(meters.get(LANE_AGES).gauges()).hasSize(Lane.COUNT);
    }

    @Test
    void every_lane_tells_how_much_of_it_waits_and_there_are_no_other_lanes() {
        assertThat(meters.get(LANE_BACKLOGS).gauges()).hasSize(Lane.COUNT);
        assertThat(backlog(3)).isNaN();

        look();
        state.counted(Map.of(3, 7L));

        assertThat(backlog(3)).isEqualTo(7);
        assertThat(backlog(0)).isZero();
        assertThat(meters.get(LANE_BACKLOGS).gauges()).hasSize(Lane.COUNT);
    }

    @Test
    void nothing_is_told_of_the_lanes_of_a_source_that_cannot_be_looked_at() {
        look();
        pass(Duration.ofSeconds(2));
        state.counted(Map.of(3, 7L));
        state.summary = new CompletableFuture<>();

        pass(Duration.ofSeconds(28));
        look();
        assertThat(backlog(3)).isEqualTo(7);

        pass(Duration.ofSeconds(1));
        assertThat(backlog(3)).isNaN();
    }

    @Test
    void lanes_are_counted_only_when_the_source_has_just_answered() {
        state.summary = new CompletableFuture<>();
        look();
        assertThat(state.counts).isZero();

        state.summary.complete(new Summary(0, Map.of(), 0, false));

        assertThat(state.counts).isOne();
    }

    private void look() {
        var unused = metrics.look(state);
    }

    private double age(int lane) {
        return ofLane(LANE_AGES, lane);
    }

    private double backlog(int lane) {
        return ofLane(LANE_BACKLOGS, lane);
    }

    private double ofLane(String name, int lane) {
        return meters.get(name).tag("lane", Integer.toString(lane)).gauge().value();
    }

    @Test
    void a_source_that_never_answers_is_unread_since_the_begin() {
        pass(Duration.ofMinutes(2));
        assertThat(gauge("carillon.outbox.unread.seconds")).isEqualTo(120);
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private double gauge(String name) {
        return meters.get(name).tag("source", "booking").gauge().value();
    }
}

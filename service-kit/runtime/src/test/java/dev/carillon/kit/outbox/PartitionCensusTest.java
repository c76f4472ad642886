package dev.carillon.kit.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.outbox.Partition.State;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

class PartitionCensusTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");

    @Test
    void ahead_ends_at_the_first_gap() {
        var census = PartitionCensus.of(List.of(day(-1), day(0), day(1), day(3)), NOON);

        assertThat(census.ahead()).isEqualTo(Duration.ofHours(36));
        assertThat(census.partitionsAhead()).isEqualTo(2);
    }

    @Test
    void nothing_is_ahead_when_now_has_no_partition() {
        assertThat(PartitionCensus.of(List.of(day(-1), day(1)), NOON).ahead()).isZero();
        assertThat(PartitionCensus.of(List.of(in(State.RETIRING, 0), day(1)), NOON)
                        .ahead())
                .isZero();
    }

    @Test
    void the_oldest_that_is_not_attached_counts_from_its_end() {
        var census = PartitionCensus.of(List.of(in(State.RETIRING, -3), in(State.DRAINED, -2), day(0)), NOON);

        assertThat(census.oldestRetiring()).isEqualTo(Duration.ofHours(60));
    }

    @Test
    void less_than_two_days_ahead_is_not_ready_and_says_what_to_do() {
        assertThat(PartitionsReady.judge(Duration.ofHours(48)).getStatus()).isEqualTo(Status.UP);

        var answer = PartitionsReady.judge(Duration.ofHours(47));

        assertThat(answer.getStatus()).isEqualTo(Status.DOWN);
        assertThat(String.valueOf(answer.getData().orElseThrow().get("outbox")))
                .contains("only 47 h", "outbox_attach_partition");
    }

    @Test
    void a_database_that_fails_or_says_nothing_is_not_ready_and_says_so() {
        for (var census : List.of(
                Uni.createFrom().<PartitionCensus>failure(new IllegalStateException("refused")),
                Uni.createFrom().<PartitionCensus>nothing())) {
            var answer = PartitionsReady.judged(census, Duration.ofMillis(50), () -> {})
                    .await()
                    .atMost(Duration.ofSeconds(10));
            assertThat(answer.getStatus()).isEqualTo(Status.DOWN);
            assertThat(String.valueOf(answer.getData().orElseThrow().get("outbox")))
                    .matches("the database does not answer: .*(refused|Timeout).*");
        }
    }

    @Test
    void too_little_ahead_wakes_the_keeper() {
        var woken = new AtomicBoolean();
        var census = Uni.createFrom().item(PartitionCensus.of(List.of(day(0)), NOON));
        PartitionsReady.judged(census, Duration.ofSeconds(10), () -> woken.set(true))
                .await()
                .atMost(Duration.ofSeconds(10));
        assertThat(woken).isTrue();
    }

    @Test
    void the_keeper_wakes_when_a_day_begins_and_once_an_hour() {
        assertThat(PartitionKeeper.pause(NOON)).isEqualTo(Duration.ofHours(1));
        assertThat(PartitionKeeper.pause(NOON.plus(Duration.ofMinutes(710)))).isEqualTo(Duration.ofSeconds(605));
    }

    private static Partition day(int offset) {
        return in(State.ATTACHED, offset);
    }

    private static Partition in(State state, int offset) {
        Instant from = NOON.truncatedTo(ChronoUnit.DAYS).plus(offset, ChronoUnit.DAYS);
        return new Partition("day" + offset, from, from.plus(1, ChronoUnit.DAYS), state, false, true, false);
    }
}

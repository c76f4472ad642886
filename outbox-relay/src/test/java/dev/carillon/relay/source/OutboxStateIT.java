package dev.carillon.relay.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.relay.Lane;
import dev.carillon.relay.OutboxState;
import dev.carillon.relay.OutboxState.LaneSummary;
import dev.carillon.relay.OutboxState.Summary;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboxStateIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RelayFixture relays = new RelayFixture();
    private final String topic = RelayFixture.newTopic();
    private final RelayedSource relay = relays.startRelay();
    private final OutboxState state = relay.state();

    @BeforeEach
    void pause() {
        state.pause(true).toCompletableFuture().join();
        await().atMost(PATIENCE).until(() -> relay.relay().health().paused());
    }

    @AfterEach
    void end() {
        relays.close();
    }

    @Test
    void the_backlog_is_what_was_committed_and_is_not_published() throws SQLException {
        try (Connection late = relays.outbox.begin()) {
            OutboxFixture.append(late, topic, "late", 1, "{}");
            relays.outbox.append(topic, "a", 1, "{}");
            relays.outbox.append(topic, "b", 1, "{}");
            assertThat(summary().backlog()).isEqualTo(2);

            late.commit();

            assertThat(summary().backlog()).isEqualTo(3);
            assertThat(backlogOfLanes()).isEqualTo(3);
            assertThat(summary().oldestAge()).isPositive();
            assertThat(summary().oldestAges().keySet()).isNotEmpty().isEqualTo(lanesThatWait());
        }
        state.pause(false).toCompletableFuture().join();

        await().atMost(PATIENCE).until(() -> summary().backlog() == 0);
        assertThat(backlogOfLanes()).isZero();
        assertThat(summary().oldestAge()).isZero();
    }

    @Test
    void what_is_settled_beyond_an_event_that_is_not_counts_no_more() {
        for (int version = 1; version <= 4; version++) {
            relays.outbox.append(topic, "key", version, "{}");
        }
        relays.outbox.execute(
                "UPDATE outbox_event SET occurred_at = clock_timestamp() - make_interval(hours => 5 - version::int)");

        // The first is settled, and beyond the second the third.
        relays.outbox.execute("""
                INSERT INTO outbox_cursor (lane, epoch, base, target, last, settled)
                SELECT lane, 1000, '3:3:', pg_current_snapshot(), min(seq), ARRAY[min(seq) + 2] FROM outbox_event GROUP BY lane""");

        assertThat(summary().backlog()).isEqualTo(2);
        assertThat(backlogOfLanes()).isEqualTo(2);
        assertThat(summary().oldestAge()).isBetween(Duration.ofMinutes(179), Duration.ofMinutes(200));
        assertThat(summary().oldestAges().keySet()).hasSize(1).isEqualTo(lanesThatWait());
    }

    private Summary summary() {
        return state.summary().toCompletableFuture().join();
    }

    private Set<Lane> lanesThatWait() {
        return state.lanes().toCompletableFuture().join().stream()
                .filter(lane -> lane.oldestAge() != null)
                .map(LaneSummary::lane)
                .collect(Collectors.toSet());
    }

    private long backlogOfLanes() {
        return state.lanes().toCompletableFuture().join().stream()
                .mapToLong(LaneSummary::backlog)
                .sum();
    }
}

package dev.carillon.kit.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FarTimersTest {
    private Nodes nodes;

    @BeforeEach
    void start() {
        nodes = new Nodes();
    }

    @AfterEach
    void stop() {
        nodes.close();
    }

    @Test
    void a_timer_beyond_the_horizon_waits_far_away_and_fires_once_at_its_instant() {
        var node = nodes.start("a", NodeSettings.within(Duration.ofSeconds(1)));
        var due = node.clock().instant().plusSeconds(7);
        var ids = Nodes.ids(100);
        nodes.arm(node, ids.subList(0, 50), due);
        nodes.inTransaction(tx -> node.armNew(tx, ids.subList(50, 99), Collections.nCopies(49, due))
                .chain(() -> node.armNew(tx, ids.subList(99, 100), List.of(due.minusSeconds(6)))));
        assertThat(far()).isEqualTo(99);
        assertThat(near()).isLessThanOrEqualTo(1);

        nodes.awaitFired(100);
        assertThat(nodes.db.count("SELECT count(DISTINCT id) FROM fired")).isEqualTo(100);
        assertThat(nodes.db.count("SELECT count(*) FROM fired")).isEqualTo(100);
        assertThat(nodes.db.count("SELECT count(*) FROM fired WHERE at < $1", due.atOffset(ZoneOffset.UTC)))
                .as("but for the one that was due before")
                .isLessThanOrEqualTo(1);
        assertThat(far() + near()).isZero();
    }

    @Test
    void a_timer_is_moved_and_removed_wherever_it_is_and_is_never_in_both_tables() {
        var node = nodes.start("a", NodeSettings.within(Duration.ofMinutes(5)));
        var id = UUID.randomUUID();
        var near = node.clock().instant().plusSeconds(120);
        var far = near.plus(Duration.ofDays(300));

        nodes.arm(node, List.of(id), far);
        assertThat(near()).isZero();
        assertThat(far()).isEqualTo(1);
        nodes.arm(node, List.of(id), far.plusSeconds(1));
        assertThat(due("timer_far")).containsExactly(text(far.plusSeconds(1)));
        nodes.arm(node, List.of(id), near);
        assertThat(far()).isZero();
        assertThat(due("timer")).containsExactly(text(near));
        nodes.arm(node, List.of(id), far);
        assertThat(near()).isZero();
        assertThat(due("timer_far")).containsExactly(text(far));
        nodes.inTransaction(tx -> node.disarm(tx, List.of(id)));
        assertThat(near() + far()).isZero();

        nodes.arm(node, List.of(id), near);
        nodes.inTransaction(tx -> node.disarm(tx, List.of(id)));
        assertThat(near() + far()).isZero();
    }

    @Test
    void what_became_due_while_nobody_swept_is_fired_at_once_however_much_it_is() {
        int count = 2 * FarTimers.MOST + 100;
        nodes.db.execute("INSERT INTO timer_far (kind, id, due_at)"
                + " SELECT 'test', gen_random_uuid(), clock_timestamp() - interval '3 days' FROM generate_series(1, "
                + count + ")");
        nodes.db.execute("UPDATE timer_sweep SET began_at = now() - interval '3 days', next_block = 1000000");
        nodes.start("a");

        nodes.awaitFired(count);
        assertThat(nodes.db.count("SELECT count(DISTINCT id) FROM fired")).isEqualTo(count);
        assertThat(nodes.db.count("SELECT count(*) FROM fired")).isEqualTo(count);
    }

    @Test
    void a_horizon_that_leaves_no_time_to_sweep_is_refused() {
        var settings = new NodeSettings(Duration.ofSeconds(2), Duration.ofSeconds(40), Duration.ofSeconds(150), 100);
        assertThatThrownBy(() -> nodes.start("a", settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("carillon.timer.horizon is PT2M30S; it must be at least PT2M40S");
    }

    private long near() {
        return nodes.db.count("SELECT count(*) FROM timer");
    }

    private long far() {
        return nodes.db.count("SELECT count(*) FROM timer_far");
    }

    private List<String> due(String table) {
        return nodes.db.texts("SELECT extract(epoch FROM due_at)::numeric(20, 6)::text FROM " + table);
    }

    private static String text(Instant instant) {
        return "%d.%06d".formatted(instant.getEpochSecond(), instant.getNano() / 1000);
    }
}

package dev.carillon.kit.timer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FullMemoryTest {
    private static final Duration WINDOW = Duration.ofMinutes(2);

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
    void a_full_memory_makes_room_for_what_is_due_earlier_and_gives_the_latest_back() {
        var node = nodes.start("a", new NodeSettings(NodeSettings.LEASE, WINDOW, 100));
        var now = node.clock().instant();
        var later = Nodes.ids(100);
        nodes.arm(node, later, now.plusSeconds(100));
        assertThat(node.held()).isEqualTo(100);

        // Some that this node arms, and some that nobody holds.
        nodes.arm(node, Nodes.ids(30), now.plusSeconds(2));
        nodes.db.execute("INSERT INTO timer (kind, id, due_at)"
                + " SELECT 'test', gen_random_uuid(), clock_timestamp() FROM generate_series(1, 30)");

        nodes.awaitFired(60);
        assertThat(node.held()).isLessThanOrEqualTo(100);
        assertThat(nodes.db.count("SELECT count(*) FROM fired")).isEqualTo(60);
        // Those that were given back are claimed again now that there is room.
        await().atMost(Nodes.PATIENCE).until(() -> node.held() == 100);
        assertThat(nodes.db.count("SELECT count(*) FROM timer WHERE claimed_by IS NOT NULL"))
                .isEqualTo(100);
    }

    @Test
    void what_is_armed_beyond_a_full_memory_is_left_to_a_node_that_has_room() {
        var full = nodes.start("full", new NodeSettings(NodeSettings.LEASE, WINDOW, 50));
        var due = full.clock().instant().plusSeconds(100);
        nodes.arm(full, Nodes.ids(200), due);
        var empty = nodes.start("empty", new NodeSettings(NodeSettings.LEASE, WINDOW, 1000));

        await().atMost(Nodes.PATIENCE)
                .untilAsserted(() -> assertThat(full.held()).isBetween(1, 50));
        await().atMost(Nodes.PATIENCE)
                .untilAsserted(() -> assertThat(empty.held()).isGreaterThan(50));
        nodes.db.execute("UPDATE timer SET due_at = clock_timestamp() - interval '3 s', claimed_by = NULL,"
                + " version = nextval('timer_version')");
        nodes.awaitFired(200);
        assertThat(nodes.db.count("SELECT count(DISTINCT id) FROM fired")).isEqualTo(200);
        assertThat(nodes.db.count("SELECT count(*) FROM fired")).isEqualTo(200);
    }

    @Test
    void a_burst_many_times_the_memory_is_fired_without_waiting_for_the_next_look() {
        nodes.db.execute("INSERT INTO timer (kind, id, due_at)"
                + " SELECT 'test', gen_random_uuid(), clock_timestamp() FROM generate_series(1, 2000)");
        // The beat of a fifth of this lease would not come within anyone's patience.
        nodes.start("a", new NodeSettings(Duration.ofMinutes(5), WINDOW, 100));
        nodes.awaitFired(2000);
    }

    @Test
    void a_burst_that_is_not_near_yet_is_shared_among_the_nodes() {
        var a = nodes.start("a", new NodeSettings(NodeSettings.LEASE, WINDOW, 1000));
        var b = nodes.start("b", new NodeSettings(NodeSettings.LEASE, WINDOW, 1000));
        nodes.db.execute(
                "INSERT INTO timer (kind, id, due_at)"
                        + " SELECT 'test', gen_random_uuid(), clock_timestamp() + interval '110 s' FROM generate_series(1, 400)");

        await().atMost(Nodes.PATIENCE).until(() -> a.held() + b.held() == 400);
        assertThat(a.held()).isBetween(120, 280);
    }

    @Test
    void what_a_dead_node_armed_for_an_instant_long_past_is_taken_over_with_its_lease() {
        nodes.start("alive", new NodeSettings(NodeSettings.LEASE, WINDOW, 100));
        nodes.db.execute(
                "INSERT INTO timer_node (name, expires_at) VALUES ('test', clock_timestamp() + interval '4 s')");
        // The watermark of the one that is alive is beyond it by then.
        nodes.db.execute(
                "INSERT INTO timer (kind, id, due_at, claimed_by)"
                        + " SELECT 'test', gen_random_uuid(), clock_timestamp() - interval '5 minutes', max(id) FROM timer_node");

        nodes.awaitFired(1);
        assertThat(nodes.db.count("SELECT count(*) FROM fired, (SELECT max(expires_at) AS ended FROM timer_node"
                        + " WHERE id = (SELECT max(id) FROM timer_node)) AS dead WHERE at < ended"))
                .isZero();
    }
}

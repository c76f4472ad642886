package dev.carillon.kit.timer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.KitDatabase;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TimerNodesTest {
    private final Nodes nodes = new Nodes();
    private final KitDatabase db = nodes.db;

    @AfterEach
    void stop() {
        nodes.close();
    }

    @Test
    void two_nodes_fire_each_timer_once_whoever_armed_it() {
        var a = nodes.start("a");
        var b = nodes.start("b");
        for (int i = 0; i < 20; i++) {
            var due = a.clock().instant().plusMillis(300 + i);
            nodes.inTransaction(tx -> a.arm(tx, UUID.randomUUID(), due).chain(() -> b.arm(tx, UUID.randomUUID(), due)));
            db.execute("INSERT INTO timer (kind, id, due_at) VALUES ('test', gen_random_uuid(), clock_timestamp())");
        }
        nodes.awaitFired(60);
        assertThat(db.count("SELECT count(*) FROM fired")).isEqualTo(60);
        assertThat(db.count("SELECT count(DISTINCT id) FROM fired")).isEqualTo(60);
    }

    @Test
    void the_timers_of_a_dead_node_are_taken_over_when_its_lease_has_expired() {
        db.execute("INSERT INTO timer_node (name, expires_at) VALUES ('dead', clock_timestamp() + interval '2 s')");
        db.execute("INSERT INTO timer (kind, id, due_at, claimed_by)"
                + " SELECT 'test', gen_random_uuid(), clock_timestamp(), id FROM timer_node WHERE name = 'dead'");
        nodes.start("alive");

        nodes.awaitFired(1);
        assertThat(db.count("SELECT count(*) FROM fired, timer_node WHERE name = 'dead' AND at < expires_at"))
                .as("fired while the dead node's lease was good")
                .isZero();
        assertThat(db.count("SELECT count(*) FROM fired, timer_node WHERE name = 'dead'"
                        + " AND at > expires_at + interval '15 s'"))
                .as("fired long after the lease")
                .isZero();
    }

    @Test
    void a_node_whose_lease_was_lost_drops_what_it_held_and_claims_it_again_under_a_new_one() {
        var node = nodes.start("a");
        var due = node.clock().instant().plusSeconds(3);
        nodes.inTransaction(tx -> node.arm(tx, UUID.randomUUID(), due));
        var former = db.count("SELECT id FROM timer_node");
        db.execute("UPDATE timer_node SET expires_at = '-infinity'");

        nodes.awaitFired(1);
        assertThat(db.count("SELECT max(id) FROM timer_node WHERE expires_at > clock_timestamp()"))
                .isGreaterThan(former);
        assertThat(db.count("SELECT count(*) FROM fired")).isEqualTo(1);
    }

    @Test
    void a_stopped_node_fires_nothing_and_leaves_its_timers_to_others_at_once() {
        var leaving = nodes.start("leaving");
        nodes.inTransaction(tx ->
                leaving.arm(tx, UUID.randomUUID(), leaving.clock().instant().plusMillis(1500)));
        nodes.stop(leaving);
        nodes.start("staying");

        nodes.awaitFired(1);
        assertThat(db.texts("SELECT node FROM fired")).containsExactly("staying");
    }

    @Test
    void a_lease_that_was_given_back_stays_so_though_its_renewal_was_on_the_way() {
        var lease = new NodeLease(db.pool, "test", Duration.ofSeconds(5), new DatabaseClock());
        lease.register().await().atMost(Duration.ofSeconds(10));

        var renewal = lease.renew().subscribeAsCompletionStage();
        lease.release().await().atMost(Duration.ofSeconds(10));
        renewal.join();

        assertThat(lease.holds()).isFalse();
    }
}

package dev.carillon.delivery.attempt;

import static dev.carillon.delivery.support.AttemptFixture.awaitStatus;
import static dev.carillon.delivery.support.AttemptFixture.view;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.support.AttemptFixture;
import dev.carillon.delivery.support.DeliveryDatabase;
import dev.carillon.delivery.support.Receiver;
import dev.carillon.delivery.support.SchedulerTopic;
import dev.carillon.delivery.support.ShortWaits;
import dev.carillon.delivery.support.Staged;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls whose results nobody has recorded by their deadlines. */
@QuarkusTest
@TestProfile(ShortWaits.class)
class UnknownOutcomesQuarkusTest {
    private final AttemptFixture on = new AttemptFixture();
    private final DeliveryDatabase database = on.database;
    private final Receiver receiver = on.receiver;
    private final String path = on.path;
    private final SchedulerTopic scheduler = on.scheduler;

    @AfterEach
    void disconnect() {
        on.close();
    }

    @Test
    void a_call_that_a_dead_node_left_open_is_unknown_repeated_with_the_same_key_and_shown_so() {
        var message = on.dueIn(Duration.ofSeconds(600));
        scheduler.stage(message);
        on.awaitTold(message, "accepted");

        leaveOpenAsADeadNodeWould(message);

        on.awaitTold(message, "accepted", "retry-scheduled", "delivered");
        assertThat(receiver.calls(path)).singleElement().satisfies(call -> assertThat(call.webhookId())
                .isEqualTo(message.id().toString()));
        var view = view(message);
        assertThat(view.getBoolean("possiblyDelivered")).isTrue();
        assertThat(view.getList("attempts.outcome")).containsExactly("unknown", "delivered");
        assertThat(database.told(message.id()).get(1).payload().getBoolean("possiblyDelivered"))
                .isTrue();
    }

    @Test
    void an_attempt_that_a_dead_node_left_open_takes_none_of_those_that_the_policy_gives() {
        receiver.answering(path, 500);
        var message = on.dueIn(Duration.ofSeconds(600));
        scheduler.stage(message);
        on.awaitTold(message, "accepted");

        leaveOpenAsDeadNodesWould(message, 1);

        on.awaitTold(message, "accepted", "retry-scheduled", "retry-scheduled", "retry-scheduled", "dead-lettered");
        assertThat(view(message).getList("attempts.outcome"))
                .containsExactly("unknown", "unknown", "transient", "transient", "transient");
        assertThat(receiver.calls(path))
                .extracting(Receiver.Call::webhookId)
                .hasSize(3)
                .containsOnly(message.id().toString());
    }

    @Test
    void what_five_nodes_have_died_at_is_dead_and_is_not_attempted_again() {
        var message = on.dueIn(Duration.ofSeconds(600));
        scheduler.stage(message);
        on.awaitTold(message, "accepted");

        leaveOpenAsDeadNodesWould(message, 4);

        on.awaitTold(message, "accepted", "dead-lettered");
        var view = view(message);
        assertThat(view.getList("attempts.outcome")).hasSize(5).containsOnly("unknown");
        assertThat(view.getBoolean("possiblyDelivered")).isTrue();
        assertThat(receiver.calls(path)).isEmpty();
    }

    @Test
    void a_success_that_is_known_late_is_recorded_and_wins() {
        var first = new CompletableFuture<Integer>();
        receiver.answering(path, call -> call == 1 ? first : CompletableFuture.completedFuture(503));
        var message = on.dueIn(Duration.ZERO);
        scheduler.stage(message);
        on.awaitCalls(1);

        letTheDeadlinePass(message);
        on.awaitCalls(2);
        first.complete(200);

        var view = awaitStatus(message, "delivered");
        assertThat(view.getString("attempts[0].outcome")).isEqualTo("delivered");
        assertThat(view.getBoolean("possiblyDelivered")).isTrue();
        assertThat(database.types(message.id())).endsWith("delivered");
    }

    private void leaveOpenAsADeadNodeWould(Staged message) {
        leaveOpenAsDeadNodesWould(message, 0);
    }

    /** @param before how many nodes have died at attempts before the one that is left open */
    private void leaveOpenAsDeadNodesWould(Staged message, int before) {
        database.execute(
                "WITH dead AS (INSERT INTO timer_node (name, expires_at) VALUES ('dead', clock_timestamp() - interval '9 s') RETURNING id),"
                        + " open AS (UPDATE delivery SET status = 'in-flight', attempts = ?, possibly_delivered = ?, version = version + 1,"
                        + " attempt_at = clock_timestamp() - interval '10 s' WHERE message_id = ? RETURNING id, attempt_at, attempts),"
                        + " attempt AS (INSERT INTO attempt (delivery_id, number, started_at, outcome)"
                        + " SELECT id, n, attempt_at, CASE WHEN n < attempts THEN 'unknown' END FROM open, generate_series(1, attempts) AS n)"
                        + " UPDATE timer t SET due_at = clock_timestamp(), version = t.version + 1, claimed_by = dead.id"
                        + " FROM open, dead WHERE t.id = open.id",
                before + 1,
                before > 0,
                message.id());
    }

    private void letTheDeadlinePass(Staged message) {
        database.execute(
                "WITH open AS (UPDATE delivery SET attempt_at = attempt_at - interval '60 s' WHERE message_id = ? RETURNING id)"
                        + " UPDATE timer t SET due_at = clock_timestamp(), version = t.version + 1, claimed_by = NULL"
                        + " FROM open WHERE t.id = open.id",
                message.id());
    }
}

package dev.carillon.delivery.attempt;

import static dev.carillon.delivery.support.AttemptFixture.PATIENCE;
import static dev.carillon.delivery.support.AttemptFixture.view;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.delivery.support.AttemptFixture;
import dev.carillon.delivery.support.Receiver;
import dev.carillon.delivery.support.SchedulerTopic;
import dev.carillon.delivery.support.ShortWaits;
import dev.carillon.delivery.support.Staged;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages that are called back: before they are staged, while they wait, and while they are called. */
@QuarkusTest
@TestProfile(ShortWaits.class)
class RecalledDeliveriesQuarkusTest {
    private final AttemptFixture on = new AttemptFixture();
    private final Receiver receiver = on.receiver;
    private final String path = on.path;
    private final SchedulerTopic scheduler = on.scheduler;

    @AfterEach
    void disconnect() {
        on.close();
    }

    @Test
    void a_recall_that_comes_before_its_staging_is_obeyed() {
        var message = on.dueIn(Duration.ofSeconds(1));

        scheduler.recall(message);
        scheduler.stage(message);

        on.awaitTold(message, "recalled", "recalled");
        awaitNothingComesAfter(message);
    }

    @Test
    void what_is_recalled_while_pending_is_not_attempted() {
        var message = on.dueIn(Duration.ofSeconds(5));

        scheduler.stage(message);
        scheduler.recall(message);

        on.awaitTold(message, "accepted", "recalled");
        awaitNothingComesAfter(message);
    }

    @Test
    void what_is_recalled_while_it_waits_for_a_retry_is_not_attempted_again() {
        receiver.answering(path, 429);
        var message = on.dueIn(Duration.ZERO);
        scheduler.stage(message);
        on.awaitTold(message, "accepted", "retry-scheduled");

        scheduler.recall(message);

        on.awaitTold(message, "accepted", "retry-scheduled", "recalled");
        on.awaitLaterMessageArrives();
        assertThat(receiver.calls(path)).hasSize(1);
        assertThat(view(message).getString("status")).isEqualTo("recalled");
    }

    @Test
    void a_recall_is_refused_while_a_call_is_open_and_its_result_counts() {
        var answer = new CompletableFuture<Integer>();
        receiver.answering(path, call -> answer);
        var message = on.dueIn(Duration.ZERO);
        scheduler.stage(message);
        on.awaitCalls(1);

        scheduler.recall(message);

        on.awaitTold(message, "accepted", "recall-refused");
        answer.complete(200);
        on.awaitTold(message, "accepted", "recall-refused", "delivered");
    }

    private void awaitNothingComesAfter(Staged message) {
        on.awaitLaterMessageArrives();
        await().atMost(PATIENCE)
                .until(() -> Instant.now().isAfter(message.dueAt().plusMillis(500)));
        assertThat(receiver.calls(path)).isEmpty();
    }
}

package dev.carillon.delivery.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.support.AttemptFixture;
import dev.carillon.delivery.support.Receiver;
import dev.carillon.delivery.support.SchedulerTopic;
import dev.carillon.delivery.support.ShortWaits;
import dev.carillon.delivery.support.Staged;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Deliveries of one ordering key, which take turns. */
@QuarkusTest
@TestProfile(ShortWaits.class)
class OrderingKeysQuarkusTest {
    private final AttemptFixture on = new AttemptFixture();
    private final Receiver receiver = on.receiver;
    private final String path = on.path;
    private final SchedulerTopic scheduler = on.scheduler;

    @AfterEach
    void disconnect() {
        on.close();
    }

    @Test
    void the_deliveries_of_one_key_go_one_after_another_also_while_one_waits_for_a_retry() {
        var key = "key-" + UUID.randomUUID();
        receiver.answering(path, 503, 200);
        var due = Instant.now().plusSeconds(4).truncatedTo(ChronoUnit.MICROS);
        var first = Staged.webhook(receiver.url(path), due).withKey(key);
        var second = Staged.webhook(receiver.url(path), due.plusMillis(10)).withKey(key);
        var third = Staged.webhook(receiver.url(path), due.plusMillis(20)).withKey(key);
        var other = Staged.webhook(receiver.url(path + "/other"), due.plusMillis(10))
                .withKey("other-" + key);

        List.of(third, second, first, other).forEach(scheduler::stage);

        on.awaitTold(third, "accepted", "delivered");
        assertThat(receiver.calls(path))
                .extracting(Receiver.Call::webhookId)
                .containsExactly(
                        first.id().toString(),
                        first.id().toString(),
                        second.id().toString(),
                        third.id().toString());
        assertThat(receiver.calls(path + "/other")).singleElement().satisfies(call -> assertThat(call.receivedAt())
                .isBefore(receiver.calls(path).get(1).receivedAt()));
    }

    @Test
    void the_next_of_a_key_has_its_turn_when_the_one_before_it_is_recalled() {
        var key = "key-" + UUID.randomUUID();
        receiver.answering("/fails" + path, 503);
        var first = Staged.webhook(receiver.url("/fails" + path), Instant.now().plusSeconds(6))
                .withKey(key);
        var second = on.dueIn(Duration.ofSeconds(7)).withKey(key);
        scheduler.stage(first);
        scheduler.stage(second);
        on.awaitTold(second, "accepted");

        scheduler.recall(first);

        on.awaitTold(second, "accepted", "delivered");
        assertThat(receiver.calls("/fails" + path)).isEmpty();
        assertThat(receiver.calls(path).getFirst().receivedAt()).isAfterOrEqualTo(second.dueAt());
    }

    @Test
    void what_is_due_earlier_but_comes_later_waits_for_the_one_that_is_being_called() {
        var key = "key-" + UUID.randomUUID();
        var answer = new CompletableFuture<Integer>();
        receiver.answering(path, call -> call == 1 ? answer : CompletableFuture.completedFuture(200));
        scheduler.stage(on.dueIn(Duration.ZERO).withKey(key));
        on.awaitCalls(1);
        var earlier = on.dueIn(Duration.ofMinutes(-1)).withKey(key);
        var ofNoKey = Staged.webhook(receiver.url("/other" + path), Instant.now());

        scheduler.stage(earlier);
        on.awaitTold(earlier, "accepted");
        scheduler.stage(ofNoKey);
        on.awaitTold(ofNoKey, "accepted", "delivered");

        assertThat(receiver.calls(path)).hasSize(1);
        answer.complete(200);
        on.awaitTold(earlier, "accepted", "delivered");
        assertThat(receiver.calls(path)).hasSize(2);
    }
}

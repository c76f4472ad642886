package dev.carillon.scheduler.message.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.http.Api.Answer;
import dev.carillon.kit.testing.quarkus.Outbox;
import dev.carillon.scheduler.support.Bodies;
import dev.carillon.scheduler.support.Delivery;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class CancelMessageQuarkusTest {
    private final Api api = Api.of("acme-" + UUID.randomUUID());
    private final Delivery delivery = new Delivery();

    @AfterEach
    void close() {
        delivery.close();
    }

    @Test
    void a_scheduled_message_is_cancelled_at_once_and_a_repeat_says_the_same() {
        var id = created(Bodies.farEmail());
        var cancelled = cancel(id).expect(200);
        assertThat(cancelled.at("/status")).isEqualTo("cancelled");
        assertThat(cancelled.at("/attempts")).isEqualTo("0");
        assertThat(cancelled.header("ETag")).hasValue("\"2\"");

        assertThat(cancel(id).expect(200).json()).isEqualTo(cancelled.json());
        assertThat(Outbox.typesAbout(id)).containsExactly("carillon.message.cancelled.v1");
        var told = Outbox.about(id).getFirst();
        assertThat(told.topic()).isEqualTo("carillon.message.events.v1");
        assertThat(told.payload().at("/status").asText()).isEqualTo("cancelled");
    }

    @Test
    void a_wish_that_delivery_does_not_answer_in_time_is_accepted_and_its_outcome_readable_later() {
        var id = created(Bodies.nearEmail());
        var accepted = cancel(id).expect(202);
        assertThat(accepted.at("/status")).isEqualTo("recalling");
        assertThat(Outbox.typesAbout(id)).startsWith("carillon.message.staged.v1", "carillon.message.recalled.v1");
        assertThat(Outbox.about(id).get(1).payload().at("/generation").asInt()).isEqualTo(1);

        delivery.says("recalled", id, 2, 0);
        await().until(() -> "cancelled".equals(status(id)));
        cancel(id).expect(200);
        assertThat(Outbox.typesAbout(id)).endsWith("carillon.message.cancelled.v1");
    }

    @Test
    void a_recall_that_delivery_confirms_in_time_is_a_cancellation_for_everybody_who_waits() {
        var id = created(Bodies.nearEmail());
        delivery.says("accepted", id, 1, 0);
        var first = CompletableFuture.supplyAsync(() -> cancel(id));
        var second = CompletableFuture.supplyAsync(() -> cancel(id));
        await().until(() -> "recalling".equals(status(id)));
        delivery.says("recalled", id, 2, 0);

        assertThat(first.join().expect(200).at("/status")).isEqualTo("cancelled");
        assertThat(second.join().expect(200).at("/status")).isEqualTo("cancelled");
    }

    @Test
    void a_recall_that_delivery_refuses_in_time_is_told_as_fired_with_what_happened() {
        var id = created(Bodies.nearEmail());
        var wish = CompletableFuture.supplyAsync(() -> cancel(id));
        await().until(() -> "recalling".equals(status(id)));
        delivery.says("recall-refused", id, 2, 1);

        var refused = wish.join().expectProblem(409, "already-fired");
        assertThat(refused.at("/messageStatus")).isEqualTo("delivering");
        assertThat(refused.at("/attempts")).isEqualTo("1");
        assertThat(refused.json().get("possiblyDelivered").asBoolean()).isFalse();
    }

    @Test
    void a_message_that_was_delivered_while_it_was_called_back_is_told_as_fired() {
        var id = created(Bodies.nearEmail());
        var wish = CompletableFuture.supplyAsync(() -> cancel(id));
        await().until(() -> "recalling".equals(status(id)));
        delivery.says("delivered", id, 2, 1);

        assertThat(wish.join().expectProblem(409, "already-fired").at("/messageStatus"))
                .isEqualTo("delivered");
        cancel(id).expectProblem(409, "already-fired");
    }

    @Test
    void a_wish_for_another_version_than_the_client_saw_is_refused() {
        var id = created(Bodies.farEmail());
        api.with("If-Match", "\"7\"").post("/v1/messages/" + id + "/cancel").expectProblem(412, "version-mismatch");
        assertThat(status(id)).isEqualTo("scheduled");
        api.with("If-Match", "\"1\"").post("/v1/messages/" + id + "/cancel").expect(200);
    }

    @Test
    void a_repeated_wish_with_its_key_is_a_replay() {
        var id = created(Bodies.farEmail());
        var keyed = api.with("Idempotency-Key", "cancel-1");
        keyed.post("/v1/messages/" + id + "/cancel").expect(200);
        var again = keyed.post("/v1/messages/" + id + "/cancel").expect(200);
        assertThat(again.header("Idempotency-Replayed")).hasValue("true");
        assertThat(Outbox.typesAbout(id)).hasSize(1);
    }

    @Test
    void what_does_not_exist_or_is_anothers_is_not_found() {
        cancel(UUID.randomUUID().toString()).expectProblem(404, "not-found");
        var id = created(Bodies.farEmail());
        Api.of("another-tenant").post("/v1/messages/" + id + "/cancel").expectProblem(404, "not-found");
        assertThat(status(id)).isEqualTo("scheduled");
    }

    private String created(String body) {
        return api.post("/v1/messages", body).expect(201).at("/id");
    }

    private Answer cancel(String id) {
        return api.post("/v1/messages/" + id + "/cancel");
    }

    private String status(String id) {
        return api.get("/v1/messages/" + id).at("/status");
    }
}

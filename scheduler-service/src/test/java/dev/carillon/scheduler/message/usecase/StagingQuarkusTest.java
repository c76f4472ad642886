package dev.carillon.scheduler.message.usecase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.quarkus.Outbox;
import dev.carillon.scheduler.support.Bodies;
import dev.carillon.scheduler.support.Delivery;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class StagingQuarkusTest {
    private static final Duration LEAD = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Api api = Api.of("acme-" + UUID.randomUUID());
    private final Delivery delivery = new Delivery();

    @AfterEach
    void close() {
        delivery.close();
    }

    @Test
    void a_message_is_handed_over_when_its_instant_is_nearer_than_the_lead_and_not_before() {
        var created =
                api.post("/v1/messages", Bodies.email("{\"in\":\"PT26S\"}")).expect(201);
        var id = created.at("/id");
        assertThat(created.at("/status")).isEqualTo("scheduled");
        assertThat(Outbox.typesAbout(id)).isEmpty();

        await().atMost(PATIENCE)
                .until(() -> "staged".equals(api.get("/v1/messages/" + id).at("/status")));
        var shown = api.get("/v1/messages/" + id);
        var staged = Instant.parse(shown.at("/stagedAt"));
        var due = Instant.parse(shown.at("/dueAt"));
        assertThat(staged).isBetween(due.minus(LEAD), due);
        assertThat(Outbox.typesAbout(id)).containsExactly("carillon.message.staged.v1");
        assertThat(shown.header("ETag")).as("the client changed nothing").hasValue("\"1\"");
    }

    @Test
    void the_staging_continues_the_trace_of_the_request_that_created_the_message() {
        var trace = "0af7651916cd43dd8448eb211c80319c";
        var id = api.with("traceparent", "00-" + trace + "-b7ad6b7169203331-01")
                .post("/v1/messages", Bodies.nearEmail())
                .expect(201)
                .at("/id");
        assertThat(Outbox.about(id).getFirst().traceparent()).contains(trace);
        assertThat(api.get("/v1/messages/" + id).at("/traceId")).isEqualTo(trace);
    }

    @Test
    void a_message_that_delivery_never_accepts_is_handed_over_again_and_once_accepted_no_more() {
        var id = api.post("/v1/messages", Bodies.email("{\"now\":true}"))
                .expect(201)
                .at("/id");
        await().atMost(PATIENCE).until(() -> Outbox.about(id).size() >= 3);
        assertThat(Outbox.about(id)).allSatisfy(again -> {
            assertThat(again.type()).isEqualTo("carillon.message.staged.v1");
            assertThat(again.payload().at("/generation").asInt()).isEqualTo(1);
        });

        delivery.says("accepted", id, 1, 0);
        await().atMost(PATIENCE)
                .until(() ->
                        !api.get("/v1/messages/" + id).json().at("/deliveryId").isMissingNode());
        int handedOver = Outbox.about(id).size();
        // Another message is due for its own repetition later than the accepted one would be.
        var later = api.post("/v1/messages", Bodies.email("{\"now\":true}"))
                .expect(201)
                .at("/id");
        await().atMost(PATIENCE).until(() -> Outbox.about(later).size() >= 3);
        assertThat(Outbox.about(id)).hasSize(handedOver);
    }

    @Test
    void messages_with_an_ordering_key_are_handed_over_under_that_key() {
        var tenant = "acme-" + UUID.randomUUID();
        var id = Api.of(tenant)
                .post("/v1/messages", Bodies.email("{\"now\":true}", ",\"orderingKey\":\"patient-42\""))
                .expect(201)
                .at("/id");
        assertThat(Outbox.about(id).getFirst().key()).isEqualTo(tenant + "/patient-42");
    }
}

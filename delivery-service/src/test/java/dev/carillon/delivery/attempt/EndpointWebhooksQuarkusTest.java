package dev.carillon.delivery.attempt;

import static dev.carillon.delivery.support.EndpointFixture.PATIENCE;
import static dev.carillon.delivery.support.EndpointFixture.as;
import static dev.carillon.delivery.support.EndpointFixture.verify;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.carillon.delivery.support.DeliveryDatabase;
import dev.carillon.delivery.support.EndpointFixture;
import dev.carillon.delivery.support.Receiver;
import dev.carillon.delivery.support.SchedulerTopic;
import dev.carillon.delivery.support.ShortWaits;
import dev.carillon.delivery.support.Staged;
import dev.carillon.kit.testing.contract.EventContract;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What an endpoint is sent: messages signed with its secrets, pings, and how messages ended. */
@QuarkusTest
@TestProfile(ShortWaits.class)
class EndpointWebhooksQuarkusTest {
    private final EndpointFixture on = new EndpointFixture();
    private final DeliveryDatabase database = on.database;
    private final Receiver receiver = on.receiver;
    private final String tenant = on.tenant;
    private final String path = on.path;
    private final SchedulerTopic scheduler = on.scheduler;

    @AfterEach
    void disconnect() {
        on.close();
    }

    @Test
    void a_message_to_an_endpoint_is_signed_with_its_secret_and_while_one_is_rotated_with_both() throws Exception {
        var endpoint = on.registered();
        String id = endpoint.getString("id");
        on.awaitLast(on.stage(id), "delivered");
        verify(endpoint.getString("secret"), receiver.calls(path).getFirst());

        var given = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        as(tenant, "operator")
                .body("{\"secret\":\"%s\"}".formatted(given))
                .post("/v1/endpoints/" + id + "/rotate-secret")
                .then()
                .statusCode(200)
                .header("ETag", equalTo("\"2\""))
                .body("secret", equalTo(given))
                .body("overlapEndsAt", notNullValue());
        on.awaitLast(on.stage(id), "delivered");
        var both = receiver.calls(path).get(1);
        verify(endpoint.getString("secret"), both);
        verify(given, both);

        database.execute(
                "UPDATE endpoint_secret SET expires_at = clock_timestamp() WHERE expires_at IS NOT NULL AND endpoint_id = ?",
                UUID.fromString(id));
        on.awaitLast(on.stage(id), "delivered");
        var after = receiver.calls(path).get(2);
        verify(given, after);
        assertThatThrownBy(() -> verify(endpoint.getString("secret"), after))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void the_end_of_each_message_goes_to_the_outcomes_endpoint_and_is_the_end_of_it() {
        String id = on.register("{\"url\":\"%s\",\"receives\":\"outcomes\"}".formatted(receiver.url(path)))
                .statusCode(201)
                .extract()
                .path("id");
        on.register("{\"url\":\"%s\",\"receives\":\"outcomes\"}".formatted(receiver.url(path)))
                .statusCode(409)
                .body("type", equalTo("urn:carillon:problem:outcomes-endpoint-exists"));
        var message = Staged.endpoint(id, Instant.now()).of(tenant);
        var held = "carillon.message.held.v1";
        scheduler.end(
                message,
                held,
                EventContract.of(held)
                        .smallest(Map.of("/messageId", message.id().toString())));
        for (var end : List.of("delivered", "failed", "expired", "cancelled")) {
            var type = "carillon.message." + end + ".v1";
            scheduler.end(
                    message,
                    type,
                    EventContract.of(type)
                            .smallest(Map.of("/messageId", message.id().toString())));
        }

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(receiver.calls(path)).hasSize(4));
        var bodies = receiver.calls(path).stream()
                .map(call -> new JsonObject(call.body()))
                .toList();
        assertThat(bodies)
                .extracting(body -> body.getString("type"))
                .containsExactlyInAnyOrder(
                        "message.delivered", "message.failed", "message.expired", "message.cancelled");
        assertThat(bodies).allSatisfy(body -> {
            assertThat(body.getString("timestamp")).isNotNull();
            assertThat(body.getJsonObject("data").getString("messageId"))
                    .isEqualTo(message.id().toString());
        });
        assertThat(receiver.calls(path))
                .extracting(Receiver.Call::webhookId)
                .as("one for each event")
                .doesNotHaveDuplicates()
                .doesNotContain(message.id().toString());
        as(tenant, "viewer")
                .get("/v1/deliveries?limit=500")
                .then()
                .body("items", hasSize(4))
                .body("items.status.unique()", equalTo(List.of("delivered")));
    }

    @Test
    void ends_from_before_an_outcomes_endpoint_was_registered_are_not_told() {
        on.register("{\"url\":\"%s\",\"receives\":\"outcomes\"}".formatted(receiver.url(path)))
                .statusCode(201);
        var message =
                Staged.endpoint(UUID.randomUUID().toString(), Instant.now()).of(tenant);
        var type = "carillon.message.delivered.v1";
        var payload = EventContract.of(type)
                .smallest(Map.of("/messageId", message.id().toString()));

        scheduler.end(message, type, payload, Instant.now().minusSeconds(60));
        scheduler.end(message, type, payload, Instant.now());

        await().atMost(PATIENCE).until(() -> !receiver.calls(path).isEmpty());
        as(tenant, "viewer").get("/v1/deliveries").then().body("items", hasSize(1));
    }

    @Test
    void a_ping_is_a_delivery_and_a_disabled_endpoint_gets_none() throws Exception {
        var endpoint = on.registered();
        String id = endpoint.getString("id");
        String messageId = on.act(id, "ping")
                .statusCode(202)
                .body("messageId", notNullValue())
                .extract()
                .path("messageId");
        await().atMost(PATIENCE).until(() -> receiver.calls(path).size() == 1);
        var call = receiver.calls(path).getFirst();
        assertThat(new JsonObject(call.body()).getString("type")).isEqualTo("endpoint.ping");
        assertThat(call.webhookId()).isEqualTo(messageId);
        verify(endpoint.getString("secret"), call);
        on.act(id, "disable").statusCode(200);
        on.act(id, "ping").statusCode(409).body("type", equalTo("urn:carillon:problem:endpoint-disabled"));
    }
}

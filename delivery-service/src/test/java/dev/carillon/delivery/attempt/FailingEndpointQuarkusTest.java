package dev.carillon.delivery.attempt;

import static dev.carillon.delivery.support.EndpointFixture.PATIENCE;
import static dev.carillon.delivery.support.EndpointFixture.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.carillon.delivery.support.DeliveryDatabase;
import dev.carillon.delivery.support.EndpointFixture;
import dev.carillon.delivery.support.Receiver;
import dev.carillon.delivery.support.ShortWaits;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What counts as a failure of an endpoint, and what it comes to: it is told of, and the endpoint disabled. */
@QuarkusTest
@TestProfile(ShortWaits.class)
class FailingEndpointQuarkusTest {
    private final EndpointFixture on = new EndpointFixture();
    private final DeliveryDatabase database = on.database;
    private final Receiver receiver = on.receiver;
    private final String tenant = on.tenant;
    private final String path = on.path;

    @AfterEach
    void disconnect() {
        on.close();
    }

    @Test
    void an_endpoint_that_says_410_is_disabled_and_the_next_message_held() {
        receiver.answering(path, 410, 200);
        String id = on.registered().getString("id");
        var first = on.stage(id);
        on.awaitLast(first, "dead-lettered");
        on.read(id).body("status", equalTo("disabled")).body("disabledBecause", equalTo("gone"));
        var second = on.stage(id);
        on.awaitLast(second, "held");
        on.act(id, "enable").statusCode(200);
        on.awaitLast(second, "delivered");
        assertThat(database.toldOfEndpoint(id)).containsExactly("created", "disabled", "recovered");
    }

    @Test
    void what_an_address_answers_that_the_endpoint_has_left_is_not_the_endpoints() {
        var answer = new CompletableFuture<Integer>();
        receiver.answering(path, call -> answer);
        String id = on.registered().getString("id");
        var message = on.stage(id);
        await().atMost(PATIENCE).until(() -> receiver.calls(path).size() == 1);
        var elsewhere = "/" + UUID.randomUUID();
        as(tenant, "operator")
                .body("{\"url\":\"%s\"}".formatted(receiver.url(elsewhere)))
                .patch("/v1/endpoints/" + id)
                .then()
                .statusCode(200);

        answer.complete(410);

        on.awaitLast(message, "dead-lettered");
        on.read(id).body("status", equalTo("enabled")).body("failures", equalTo(0));
        on.awaitLast(on.stage(id), "delivered");
        assertThat(receiver.calls(elsewhere)).hasSize(1);
    }

    @Test
    void an_endpoint_that_has_failed_for_long_is_told_of_and_disabled() {
        receiver.answering(path, 500);
        String id = on.registered().getString("id");
        on.awaitLast(on.stage(id), "dead-lettered");
        on.read(id).body("status", equalTo("enabled")).body("failures", equalTo(3));
        assertThat(database.toldOfEndpoint(id)).containsExactly("created", "failing");
        database.execute(
                "UPDATE endpoint SET failing_since = failing_since - interval '1 minute' WHERE id = ?",
                UUID.fromString(id));
        on.stage(id);
        await().atMost(PATIENCE).untilAsserted(() -> on.read(id)
                .body("status", equalTo("disabled"))
                .body("disabledBecause", equalTo("failing"))
                .body("failingSince", notNullValue()));
        assertThat(database.toldOfEndpoint(id)).containsExactly("created", "failing", "disabled");
        var held = on.stage(id);
        on.awaitLast(held, "held");
        receiver.answering(path, 200);
        on.act(id, "enable").statusCode(200).body("failures", equalTo(0));
        on.awaitLast(held, "delivered");
    }

    @Test
    void a_success_after_failures_is_told_once_they_were() {
        receiver.answering(path, 500, 500, 200);
        String id = on.registered().getString("id");
        on.awaitLast(on.stage(id), "delivered");
        on.read(id).body("failures", equalTo(0)).body("failingSince", nullValue());
        assertThat(database.toldOfEndpoint(id)).containsExactly("created", "failing", "recovered");
    }

    private List<JsonObject> notices(String at) {
        return receiver.calls(at).stream()
                .map(call -> new JsonObject(call.body()))
                .toList();
    }

    private JsonPath registeredForOutcomes(String at) {
        return on.register("{\"url\":\"%s\",\"receives\":\"outcomes\"}".formatted(receiver.url(at)))
                .statusCode(201)
                .extract()
                .jsonPath();
    }

    @Test
    void the_outcomes_endpoint_is_sent_what_becomes_of_another_one() throws Exception {
        var outcomes = "/" + UUID.randomUUID();
        var secret = registeredForOutcomes(outcomes).getString("secret");
        receiver.answering(path, 500, 500, 200, 410);
        String id = on.registered().getString("id");

        on.awaitLast(on.stage(id), "delivered");
        on.awaitLast(on.stage(id), "dead-lettered");
        on.act(id, "enable").statusCode(200);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(notices(outcomes)).hasSize(4));
        assertThat(notices(outcomes))
                .extracting(notice -> notice.getString("type"))
                .containsExactlyInAnyOrder(
                        "endpoint.failing", "endpoint.recovered", "endpoint.disabled", "endpoint.recovered");
        assertThat(notices(outcomes)).allSatisfy(notice -> {
            assertThat(notice.getInstant("timestamp")).isNotNull();
            assertThat(notice.getJsonObject("data").getString("endpointId")).isEqualTo(id);
        });
        assertThat(notices(outcomes))
                .filteredOn(notice -> notice.getString("type").equals("endpoint.disabled"))
                .singleElement()
                .satisfies(notice -> assertThat(notice.getJsonObject("data").getString("disabledBecause"))
                        .isEqualTo("gone"));
        assertThat(receiver.calls(outcomes))
                .extracting(Receiver.Call::webhookId)
                .doesNotHaveDuplicates();
        EndpointFixture.verify(secret, receiver.calls(outcomes).getFirst());
    }

    @Test
    void an_outcomes_endpoint_is_sent_nothing_about_itself() {
        receiver.answering(path, 410);
        String id = registeredForOutcomes(path).getString("id");

        on.awaitLast(on.stage(id), "dead-lettered");

        assertThat(database.toldOfEndpoint(id)).containsExactly("created", "disabled");
        as(tenant, "viewer").get("/v1/deliveries?limit=500").then().body("items", hasSize(1));
    }

    @Test
    void a_secret_that_no_key_reads_fails_an_attempt_until_it_is_rotated_and_is_no_failure_of_the_endpoint() {
        String id = on.registered().getString("id");
        database.execute("UPDATE endpoint_secret SET key_id = 'lost' WHERE endpoint_id = ?", UUID.fromString(id));
        var message = on.stage(id);
        on.awaitLast(message, "dead-lettered");
        on.act(id, "rotate-secret").statusCode(200);
        String delivery = as(tenant, "viewer")
                .get("/v1/deliveries?messageId=" + message.id())
                .path("items[0].id");
        as(tenant, "operator")
                .post("/v1/deliveries/" + delivery + "/retry")
                .then()
                .statusCode(200);
        on.awaitLast(message, "delivered");
        as(tenant, "viewer")
                .get("/v1/deliveries?messageId=" + message.id())
                .then()
                .body("items[0].attempts[0].reason", equalTo("not-configured"));
        on.read(id).body("failures", equalTo(0));
        assertThat(receiver.calls(path)).hasSize(1);
    }
}

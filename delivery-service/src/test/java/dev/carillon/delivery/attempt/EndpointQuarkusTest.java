package dev.carillon.delivery.attempt;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.carillon.kit.testing.contract.EventContract;
import dev.carillon.kit.testing.identity.Token;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /v1/endpoints}, and what becomes of messages that name one. */
@QuarkusTest
@TestProfile(ShortWaits.class)
class EndpointQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final DeliveryDatabase database = new DeliveryDatabase();
    private final Receiver receiver = Receiver.start();
    private final String tenant = "tenant-" + UUID.randomUUID();
    private final String path = "/" + UUID.randomUUID();
    private final SchedulerTopic scheduler = new SchedulerTopic();

    @AfterEach
    void disconnect() {
        scheduler.close();
        receiver.close();
    }

    private static RequestSpecification as(String owner, String group) {
        return given().auth().oauth2(Token.of(owner, group).signed()).contentType("application/json");
    }

    private ValidatableResponse register(String body) {
        return as(tenant, "operator").body(body).post("/v1/endpoints").then();
    }

    private JsonPath registered() {
        return register("{\"url\":\"%s\",\"description\":\"orders\"}".formatted(receiver.url(path)))
                .statusCode(201)
                .extract()
                .jsonPath();
    }

    private ValidatableResponse act(String id, String action) {
        return as(tenant, "operator").post("/v1/endpoints/" + id + "/" + action).then();
    }

    private ValidatableResponse read(String id) {
        return as(tenant, "viewer").get("/v1/endpoints/" + id).then();
    }

    private Staged stage(String endpointId) {
        var message = Staged.endpoint(endpointId, Instant.now()).of(tenant);
        scheduler.stage(message);
        return message;
    }

    private void awaitLast(Staged message, String type) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(database.types(message.id()))
                .last()
                .as("of %s", message.id())
                .isEqualTo(type));
    }

    private static void verify(String secret, Receiver.Call call) throws WebhookVerificationException {
        var headers = call.headers().entries().stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
        new Webhook(secret).verify(call.body(), HttpHeaders.of(headers, (name, value) -> true));
    }

    @Test
    void an_endpoint_is_registered_and_its_secret_shown_once_and_kept_encrypted() {
        var body = "{\"url\":\"%s\",\"description\":\"orders\"}".formatted(receiver.url(path));
        var first = as(tenant, "operator")
                .header("Idempotency-Key", "once")
                .body(body)
                .post("/v1/endpoints")
                .then()
                .statusCode(201)
                .header("ETag", equalTo("\"1\""))
                .body("secret", startsWith("whsec_"))
                .body("status", equalTo("enabled"))
                .body("receives", equalTo("messages"));
        String id = first.extract().path("id");
        String secret = first.extract().path("secret");
        first.header("Location", endsWith("/v1/endpoints/" + id));

        as(tenant, "operator")
                .header("Idempotency-Key", "once")
                .body(body)
                .post("/v1/endpoints")
                .then()
                .statusCode(201)
                .header("Idempotency-Replayed", equalTo("true"))
                .body("id", equalTo(id))
                .body("secret", nullValue());
        read(id).statusCode(200)
                .body("url", equalTo(receiver.url(path).toString()))
                .body("secret", nullValue());
        as(tenant, "viewer")
                .get("/v1/endpoints")
                .then()
                .body("items.id", equalTo(List.of(id)))
                .body("items[0].secret", nullValue());
        assertThat(database.toldOfEndpoint(id)).containsExactly("created");
        assertThat(database.texts(
                        "SELECT encode(ciphertext, 'escape') FROM endpoint_secret WHERE endpoint_id = ?",
                        UUID.fromString(id)))
                .hasSize(1)
                .noneMatch(stored -> stored.contains(secret.substring("whsec_".length())) || stored.contains("whsec"));
    }

    @Test
    void a_message_to_an_endpoint_is_signed_with_its_secret_and_while_one_is_rotated_with_both() throws Exception {
        var endpoint = registered();
        String id = endpoint.getString("id");
        awaitLast(stage(id), "delivered");
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
        awaitLast(stage(id), "delivered");
        var both = receiver.calls(path).get(1);
        verify(endpoint.getString("secret"), both);
        verify(given, both);

        database.execute(
                "UPDATE endpoint_secret SET expires_at = clock_timestamp() WHERE expires_at IS NOT NULL AND endpoint_id = ?",
                UUID.fromString(id));
        awaitLast(stage(id), "delivered");
        var after = receiver.calls(path).get(2);
        verify(given, after);
        assertThatThrownBy(() -> verify(endpoint.getString("secret"), after))
                .isInstanceOf(WebhookVerificationException.class);
    }

    @Test
    void only_so_many_secrets_sign_at_once_and_a_refused_rotation_changes_nothing() {
        String id = registered().getString("id");
        for (int rotation = 1; rotation < 5; rotation++) {
            act(id, "rotate-secret").statusCode(200);
        }
        act(id, "rotate-secret").statusCode(409).body("type", equalTo("urn:carillon:problem:too-many-secrets"));
        assertThat(database.texts(
                        "SELECT id::text FROM endpoint_secret WHERE endpoint_id = ? AND expires_at IS NULL",
                        UUID.fromString(id)))
                .hasSize(1);
        read(id).header("ETag", equalTo("\"5\""));
    }

    @Test
    void what_goes_to_an_endpoint_that_is_not_the_tenants_own_fails_by_name() {
        String others = as("somebody-else", "operator")
                .body("{\"url\":\"%s\"}".formatted(receiver.url(path)))
                .post("/v1/endpoints")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        String deleted = registered().getString("id");
        as(tenant, "operator").delete("/v1/endpoints/" + deleted).then().statusCode(204);
        read(deleted).statusCode(404);
        for (var id : List.of(others, deleted, UUID.randomUUID().toString())) {
            var message = stage(id);
            awaitLast(message, "dead-lettered");
            var told = database.told(message.id()).getLast().payload();
            assertThat(told.getString("error")).contains("the tenant has no endpoint " + id);
        }
        assertThat(receiver.calls(path)).isEmpty();
        assertThat(database.toldOfEndpoint(deleted)).containsExactly("created", "deleted");
    }

    @Test
    void what_goes_to_a_disabled_endpoint_is_held_and_let_go_at_a_rate_when_it_is_enabled() {
        String id = registered().getString("id");
        act(id, "disable")
                .statusCode(200)
                .body("status", equalTo("disabled"))
                .body("disabledBecause", equalTo("requested"));
        var messages = IntStream.range(0, 8).mapToObj(number -> stage(id)).toList();
        messages.forEach(message -> awaitLast(message, "held"));
        assertThat(receiver.calls(path)).isEmpty();
        as(tenant, "viewer")
                .get("/v1/deliveries?status=held&destination=" + id)
                .then()
                .body("items", hasSize(8));

        act(id, "enable").statusCode(200).body("status", equalTo("enabled")).body("disabledBecause", nullValue());

        messages.forEach(message -> awaitLast(message, "delivered"));
        assertThat(database.types(messages.getFirst().id()))
                .containsExactly("accepted", "held", "retry-scheduled", "delivered");
        assertThat(receiver.calls(path)).hasSize(8);
        var due = messages.stream()
                .map(message -> database.told(message.id()).get(2).payload().getString("nextAttemptAt"))
                .map(Instant::parse)
                .sorted()
                .toList();
        assertThat(Duration.between(due.getFirst(), due.getLast()))
                .as("eight at ten a second")
                .isGreaterThanOrEqualTo(Duration.ofMillis(699));
        assertThat(database.toldOfEndpoint(id)).containsExactly("created", "disabled", "recovered");
    }

    @Test
    void so_many_are_held_for_an_endpoint_and_what_is_more_is_a_dead_letter_that_says_so() {
        String id = registered().getString("id");
        act(id, "disable").statusCode(200);
        var messages = IntStream.range(0, 17).mapToObj(number -> stage(id)).toList();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(messages)
                .extracting(message -> database.types(message.id()))
                .allMatch(types -> types.size() == 2));
        var refused = messages.stream()
                .filter(message -> database.types(message.id()).contains("dead-lettered"))
                .toList();
        assertThat(refused).hasSize(2);
        as(tenant, "viewer")
                .get("/v1/dead-letters?destination=" + id)
                .then()
                .body("items", hasSize(2))
                .body("items.error", everyItem(containsString("as many deliveries are held for it as may be")))
                .body("items[0].attempts", hasSize(0));
        // Who can be sent to goes on.
        String other = registered().getString("id");
        awaitLast(stage(other), "delivered");

        act(id, "enable").statusCode(200);

        messages.stream().filter(message -> !refused.contains(message)).forEach(held -> awaitLast(held, "delivered"));
        assertThat(given().get("/q/metrics").asString())
                .contains(
                        "carillon_delivery_held ",
                        "carillon_delivery_held_largest ",
                        "carillon_delivery_hold_refusals_total ");
    }

    @Test
    void what_is_held_can_be_recalled_and_expires() {
        String id = registered().getString("id");
        act(id, "disable").statusCode(200);
        var recalled = stage(id);
        var expiring = Staged.endpoint(id, Instant.now())
                .of(tenant)
                .expiringAt(Instant.now().plusSeconds(4));
        scheduler.stage(expiring);
        awaitLast(recalled, "held");
        scheduler.recall(recalled);
        awaitLast(recalled, "recalled");
        awaitLast(expiring, "expired");
        act(id, "enable").statusCode(200);
        var last = stage(id);
        awaitLast(last, "delivered");
        assertThat(receiver.calls(path)).hasSize(1);
    }

    @Test
    void what_was_held_for_an_endpoint_that_is_deleted_fails_by_name() {
        String id = registered().getString("id");
        act(id, "disable").statusCode(200);
        var message = stage(id);
        awaitLast(message, "held");
        as(tenant, "operator").delete("/v1/endpoints/" + id).then().statusCode(204);
        awaitLast(message, "dead-lettered");
        assertThat(receiver.calls(path)).isEmpty();
    }

    @Test
    void an_endpoint_that_says_410_is_disabled_and_the_next_message_held() {
        receiver.answering(path, 410, 200);
        String id = registered().getString("id");
        var first = stage(id);
        awaitLast(first, "dead-lettered");
        read(id).body("status", equalTo("disabled")).body("disabledBecause", equalTo("gone"));
        var second = stage(id);
        awaitLast(second, "held");
        act(id, "enable").statusCode(200);
        awaitLast(second, "delivered");
        assertThat(database.toldOfEndpoint(id)).containsExactly("created", "disabled", "recovered");
    }

    @Test
    void what_an_address_answers_that_the_endpoint_has_left_is_not_the_endpoints() {
        var answer = new CompletableFuture<Integer>();
        receiver.answering(path, call -> answer);
        String id = registered().getString("id");
        var message = stage(id);
        await().atMost(PATIENCE).until(() -> receiver.calls(path).size() == 1);
        var elsewhere = "/" + UUID.randomUUID();
        as(tenant, "operator")
                .body("{\"url\":\"%s\"}".formatted(receiver.url(elsewhere)))
                .patch("/v1/endpoints/" + id)
                .then()
                .statusCode(200);

        answer.complete(410);

        awaitLast(message, "dead-lettered");
        read(id).body("status", equalTo("enabled")).body("failures", equalTo(0));
        awaitLast(stage(id), "delivered");
        assertThat(receiver.calls(elsewhere)).hasSize(1);
    }

    @Test
    void what_is_enabled_elsewhere_in_the_moment_of_an_attempt_gets_it_there() {
        String id = registered().getString("id");
        act(id, "disable").statusCode(200);
        var elsewhere = "/" + UUID.randomUUID();
        var enable =
                "UPDATE endpoint SET status = 'enabled', disabled_because = NULL, disabled_at = NULL, url = ? WHERE id = ?";
        Staged message;
        try (var enabling = database.open(enable, receiver.url(elsewhere).toString(), UUID.fromString(id))) {
            message = stage(id);
            await().atMost(PATIENCE).until(() -> database.isLockedOut("%FROM endpoint%FOR SHARE%"));
        }
        awaitLast(message, "delivered");
        assertThat(receiver.calls(path)).isEmpty();
        assertThat(receiver.calls(elsewhere)).hasSize(1);
    }

    @Test
    void what_is_deleted_in_the_moment_of_an_attempt_is_not_called() {
        String id = registered().getString("id");
        act(id, "disable").statusCode(200);
        Staged message;
        try (var deleting = database.open("UPDATE endpoint SET status = 'deleted' WHERE id = ?", UUID.fromString(id))) {
            message = stage(id);
            await().atMost(PATIENCE).until(() -> database.isLockedOut("%FROM endpoint%FOR SHARE%"));
        }
        awaitLast(message, "dead-lettered");
        assertThat(receiver.calls(path)).isEmpty();
    }

    @Test
    void what_is_held_is_let_go_in_the_order_in_which_it_was_due() {
        String id = registered().getString("id");
        act(id, "disable").statusCode(200);
        var now = Instant.now();
        var messages = IntStream.range(0, 12)
                .mapToObj(
                        number -> Staged.endpoint(id, now.minusSeconds(number)).of(tenant))
                .toList();
        for (var message : messages) {
            scheduler.stage(message);
            awaitLast(message, "held");
        }

        act(id, "enable").statusCode(200);

        messages.forEach(message -> awaitLast(message, "delivered"));
        var attemptedAt = messages.stream()
                .map(message -> database.told(message.id()).get(2).payload().getString("nextAttemptAt"))
                .map(Instant::parse)
                .toList();
        assertThat(attemptedAt)
                .as("the one that was due last was staged first")
                .isSortedAccordingTo(Comparator.reverseOrder())
                .doesNotHaveDuplicates();
    }

    @Test
    void a_replay_that_waits_for_a_delivery_keeps_nobody_from_its_timer() {
        String id = registered().getString("id");
        act(id, "disable").statusCode(200);
        var message = stage(id);
        awaitLast(message, "held");
        try (var result = database.open("SELECT id FROM delivery WHERE message_id = ? FOR UPDATE", message.id())) {
            act(id, "enable").statusCode(200);
            await().atMost(PATIENCE).until(() -> database.isLockedOut("%FROM delivery d%FOR UPDATE%"));
            assertThat(database.texts(
                            "SELECT id::text FROM timer WHERE kind = 'replay' AND id = ? FOR UPDATE SKIP LOCKED",
                            UUID.fromString(id)))
                    .hasSize(1);
        }
        awaitLast(message, "delivered");
    }

    @Test
    void what_is_held_again_and_again_is_given_up_when_it_was_first_held_long_ago() {
        var answer = new CompletableFuture<Integer>();
        receiver.answering(path, call -> answer);
        String id = registered().getString("id");
        act(id, "disable").statusCode(200);
        var message = stage(id);
        awaitLast(message, "held");
        database.execute(
                "UPDATE delivery SET held_since = held_since - interval '40 days' WHERE message_id = ?", message.id());
        act(id, "enable").statusCode(200);
        await().atMost(PATIENCE).until(() -> receiver.calls(path).size() == 1);
        act(id, "disable").statusCode(200);
        answer.complete(503);

        awaitLast(message, "dead-lettered");
        assertThat(database.types(message.id()))
                .containsExactly("accepted", "held", "retry-scheduled", "retry-scheduled", "held", "dead-lettered");
        assertThat(receiver.calls(path)).hasSize(1);
    }

    @Test
    void what_was_held_does_not_count_as_late() {
        String id = registered().getString("id");
        act(id, "disable").statusCode(200);
        var hour = Duration.ofHours(1);
        var message = Staged.endpoint(id, Instant.now().minus(hour)).of(tenant);
        scheduler.stage(message);
        awaitLast(message, "held");
        double before = lateSeconds();

        act(id, "enable").statusCode(200);

        awaitLast(message, "delivered");
        assertThat(lateSeconds() - before).isLessThan(hour.toSeconds());
    }

    private static double lateSeconds() {
        var sum = "carillon_delivery_lateness_seconds_sum ";
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(sum))
                .mapToDouble(line -> Double.parseDouble(line.substring(sum.length())))
                .sum();
    }

    @Test
    void a_tenant_has_so_many_endpoints_and_of_several_at_once_not_one_more() {
        for (int number = 1; number < 4; number++) {
            registered();
        }
        var body = "{\"url\":\"%s\"}".formatted(receiver.url(path));
        var statuses = IntStream.range(0, 3)
                .mapToObj(racer -> CompletableFuture.supplyAsync(
                        () -> register(body).extract().statusCode()))
                .toList();
        assertThat(statuses.stream().map(CompletableFuture::join)).containsExactlyInAnyOrder(201, 409, 409);
        register(body).statusCode(409).body("type", equalTo("urn:carillon:problem:too-many-endpoints"));
        String one = as(tenant, "viewer").get("/v1/endpoints").path("items[0].id");
        as(tenant, "operator").delete("/v1/endpoints/" + one).then().statusCode(204);
        register(body).statusCode(201);
    }

    @Test
    void an_endpoint_that_has_failed_for_long_is_told_of_and_disabled() {
        receiver.answering(path, 500);
        String id = registered().getString("id");
        awaitLast(stage(id), "dead-lettered");
        read(id).body("status", equalTo("enabled")).body("failures", equalTo(3));
        assertThat(database.toldOfEndpoint(id)).containsExactly("created", "failing");
        database.execute(
                "UPDATE endpoint SET failing_since = failing_since - interval '1 minute' WHERE id = ?",
                UUID.fromString(id));
        stage(id);
        await().atMost(PATIENCE).untilAsserted(() -> read(id).body("status", equalTo("disabled"))
                .body("disabledBecause", equalTo("failing"))
                .body("failingSince", notNullValue()));
        assertThat(database.toldOfEndpoint(id)).containsExactly("created", "failing", "disabled");
        var held = stage(id);
        awaitLast(held, "held");
        receiver.answering(path, 200);
        act(id, "enable").statusCode(200).body("failures", equalTo(0));
        awaitLast(held, "delivered");
    }

    @Test
    void a_success_after_failures_is_told_once_they_were() {
        receiver.answering(path, 500, 500, 200);
        String id = registered().getString("id");
        awaitLast(stage(id), "delivered");
        read(id).body("failures", equalTo(0)).body("failingSince", nullValue());
        assertThat(database.toldOfEndpoint(id)).containsExactly("created", "failing", "recovered");
    }

    @Test
    void a_secret_that_no_key_reads_fails_an_attempt_until_it_is_rotated_and_is_no_failure_of_the_endpoint() {
        String id = registered().getString("id");
        database.execute("UPDATE endpoint_secret SET key_id = 'lost' WHERE endpoint_id = ?", UUID.fromString(id));
        var message = stage(id);
        awaitLast(message, "dead-lettered");
        act(id, "rotate-secret").statusCode(200);
        String delivery = as(tenant, "viewer")
                .get("/v1/deliveries?messageId=" + message.id())
                .path("items[0].id");
        as(tenant, "operator")
                .post("/v1/deliveries/" + delivery + "/retry")
                .then()
                .statusCode(200);
        awaitLast(message, "delivered");
        as(tenant, "viewer")
                .get("/v1/deliveries?messageId=" + message.id())
                .then()
                .body("items[0].attempts[0].reason", equalTo("not-configured"));
        read(id).body("failures", equalTo(0));
        assertThat(receiver.calls(path)).hasSize(1);
    }

    @Test
    void the_end_of_each_message_goes_to_the_outcomes_endpoint_and_is_the_end_of_it() {
        String id = register("{\"url\":\"%s\",\"receives\":\"outcomes\"}".formatted(receiver.url(path)))
                .statusCode(201)
                .extract()
                .path("id");
        register("{\"url\":\"%s\",\"receives\":\"outcomes\"}".formatted(receiver.url(path)))
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
        register("{\"url\":\"%s\",\"receives\":\"outcomes\"}".formatted(receiver.url(path)))
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
        var endpoint = registered();
        String id = endpoint.getString("id");
        String messageId = act(id, "ping")
                .statusCode(202)
                .body("messageId", notNullValue())
                .extract()
                .path("messageId");
        await().atMost(PATIENCE).until(() -> receiver.calls(path).size() == 1);
        var call = receiver.calls(path).getFirst();
        assertThat(new JsonObject(call.body()).getString("type")).isEqualTo("endpoint.ping");
        assertThat(call.webhookId()).isEqualTo(messageId);
        verify(endpoint.getString("secret"), call);
        act(id, "disable").statusCode(200);
        act(id, "ping").statusCode(409).body("type", equalTo("urn:carillon:problem:endpoint-disabled"));
    }

    @Test
    void a_change_is_a_merge_patch_of_the_version_that_its_client_knows() {
        String id = registered().getString("id");
        var elsewhere = "/" + UUID.randomUUID();
        var patch = "{\"url\":\"%s\",\"description\":null}".formatted(receiver.url(elsewhere));
        as(tenant, "operator")
                .header("If-Match", "\"7\"")
                .body(patch)
                .patch("/v1/endpoints/" + id)
                .then()
                .statusCode(412)
                .body("type", equalTo("urn:carillon:problem:version-mismatch"));
        as(tenant, "operator")
                .header("If-Match", "\"1\"")
                .body(patch)
                .contentType("application/merge-patch+json")
                .patch("/v1/endpoints/" + id)
                .then()
                .statusCode(200)
                .header("ETag", equalTo("\"2\""))
                .body("description", nullValue());
        awaitLast(stage(id), "delivered");
        assertThat(receiver.calls(elsewhere)).hasSize(1);
        assertThat(receiver.calls(path)).isEmpty();
        for (var action : List.of("disable", "enable", "rotate-secret")) {
            as(tenant, "operator")
                    .header("If-Match", "\"1\"")
                    .post("/v1/endpoints/" + id + "/" + action)
                    .then()
                    .statusCode(412);
        }
        as(tenant, "operator")
                .header("If-Match", "\"1\"")
                .delete("/v1/endpoints/" + id)
                .then()
                .statusCode(412);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|422|invalid-request|/url",
                "{\"url\":\"ftp://example.org\"}|422|invalid-request|/url",
                "{\"url\":\"https://u:p@example.org\"}|422|invalid-request|/url",
                "{\"url\":\"not a url\"}|422|invalid-request|/url",
                "{\"url\":\"http://10.0.0.1/\"}|422|destination-refused|/url",
                "{\"url\":\"http://3232235777/\"}|422|destination-refused|/url",
                "{\"url\":\"https://example.org\",\"secret\":\"sesame\"}|422|invalid-request|/secret",
                "{\"url\":\"https://example.org\",\"secret\":\"whsec_c2hvcnQ=\"}|422|invalid-request|/secret",
                "{\"url\":\"https://example.org\",\"receives\":\"all\"}|422|invalid-request|/receives",
                "{\"url\":\"https://example.org\",\"description\":\"a\\nb\"}|422|invalid-request|/description",
                "{\"url\":\"https://example.org\",\"colour\":\"red\"}|400|unknown-field|/colour",
                "{\"url\":7}|400|invalid-field|/url",
            })
    void a_bad_endpoint_is_refused_by_its_name(String body, int status, String slug, String pointer) {
        register(body)
                .statusCode(status)
                .body("type", equalTo("urn:carillon:problem:" + slug))
                .body("errors[0].pointer", equalTo(pointer));
    }

    @Test
    void a_patch_is_refused_by_the_names_of_its_faults() {
        String id = registered().getString("id");
        for (var bad : Map.of(
                        "{\"secret\":\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"}", 422,
                        "{\"url\":null}", 422,
                        "{\"status\":\"disabled\"}", 400,
                        "[]", 400)
                .entrySet()) {
            as(tenant, "operator")
                    .body(bad.getKey())
                    .patch("/v1/endpoints/" + id)
                    .then()
                    .statusCode(bad.getValue())
                    .contentType("application/problem+json");
        }
        read(id).header("ETag", equalTo("\"1\""));
    }

    @Test
    void an_endpoint_is_its_tenants_and_a_viewer_changes_none() {
        String id = registered().getString("id");
        as("somebody-else", "admin").get("/v1/endpoints/" + id).then().statusCode(404);
        as("somebody-else", "admin").delete("/v1/endpoints/" + id).then().statusCode(404);
        as("somebody-else", "admin")
                .body("{}")
                .patch("/v1/endpoints/" + id)
                .then()
                .statusCode(404);
        for (var action : List.of("rotate-secret", "disable", "enable", "ping")) {
            as("somebody-else", "admin")
                    .post("/v1/endpoints/" + id + "/" + action)
                    .then()
                    .statusCode(404);
            as(tenant, "viewer")
                    .post("/v1/endpoints/" + id + "/" + action)
                    .then()
                    .statusCode(403);
        }
        as(tenant, "viewer").body("{}").post("/v1/endpoints").then().statusCode(403);
        as("somebody-else", "viewer")
                .get("/v1/endpoints")
                .then()
                .body("items.id.contains('" + id + "')", equalTo(false));
        given().get("/v1/endpoints").then().statusCode(401);
    }

    @Test
    void whatever_enabling_and_disabling_race_nothing_stays_held_for_an_enabled_endpoint() {
        String id = registered().getString("id");
        var messages = IntStream.range(0, 12)
                .mapToObj(number -> Staged.endpoint(id, Instant.now().plusMillis(1_500 + 100L * number))
                        .of(tenant))
                .toList();
        messages.forEach(scheduler::stage);
        var racing = IntStream.range(0, 2)
                .mapToObj(racer -> CompletableFuture.runAsync(() -> {
                    for (int turn = 0; turn < 12; turn++) {
                        assertThatCode(() -> act(id, "disable").statusCode(200)).doesNotThrowAnyException();
                        act(id, "enable").statusCode(200);
                    }
                }))
                .toList();
        racing.forEach(CompletableFuture::join);
        act(id, "enable").statusCode(200).body("status", equalTo("enabled"));
        messages.forEach(message -> awaitLast(message, "delivered"));
        assertThat(receiver.calls(path))
                .extracting(Receiver.Call::webhookId)
                .as("each once")
                .hasSize(12)
                .doesNotHaveDuplicates();
    }

    @Test
    void of_a_recall_and_an_enabling_at_once_one_has_its_way() {
        String id = registered().getString("id");
        for (int round = 0; round < 5; round++) {
            act(id, "disable").statusCode(200);
            var message = stage(id);
            awaitLast(message, "held");
            var enabling = CompletableFuture.runAsync(() -> act(id, "enable").statusCode(200));
            scheduler.recall(message);
            enabling.join();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(database.types(message.id()))
                    .containsAnyOf("recalled", "delivered"));
            long calls = receiver.calls(path).stream()
                    .filter(call -> message.id().toString().equals(call.webhookId()))
                    .count();
            var told = database.types(message.id());
            assertThat(calls).isEqualTo(told.contains("recalled") && !told.contains("delivered") ? 0 : 1);
        }
    }
}

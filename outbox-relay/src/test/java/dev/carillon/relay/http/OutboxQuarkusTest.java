package dev.carillon.relay.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import dev.carillon.kit.testing.identity.Issuer;
import dev.carillon.kit.testing.identity.Token;
import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.kafka.Topic;
import dev.carillon.kit.testing.log.LogLines;
import dev.carillon.kit.testing.metrics.MetricsReference;
import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.PostgresServer;
import dev.carillon.relay.source.OutboxFixture;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.logging.Level;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RelayUnderTest.class)
@QuarkusTestResource(Issuer.class)
class OutboxQuarkusTest {
    private static final String OVERSIZE = "\"" + "x".repeat(1 << 20) + "\"";

    @Test
    void a_source_is_shown_with_its_lanes_and_their_owner() {
        await().untilAsserted(() -> as("operator")
                .get("/v1/outbox")
                .then()
                .statusCode(200)
                .body("sources", hasSize(1))
                .body("sources[0].source", equalTo("scheduler"))
                .body("sources[0].lanes", hasSize(64))
                .body("sources[0].lanes[0].owner", notNullValue()));
    }

    @Test
    void a_request_leaves_a_line_in_the_log_as_in_every_service() {
        try (var log = LogLines.at(Level.FINE, "carillon.requests")) {
            as("operator").get("/v1/outbox").then().statusCode(200);

            await().untilAsserted(() -> assertThat(log.lines()).anySatisfy(line -> assertThat(line.fields())
                    .containsEntry("path", "/v1/outbox")
                    .containsEntry("status", "200")
                    .containsEntry("tenant", "platform")));
        }
    }

    @Test
    void only_operators_and_admins_are_let_in() {
        given().get("/v1/outbox").then().statusCode(401).contentType(containsString("application/problem+json"));
        as("viewer").get("/v1/outbox").then().statusCode(403).body("type", equalTo("urn:carillon:problem:forbidden"));
        as("admin").get("/v1/outbox").then().statusCode(200);
    }

    @Test
    void a_tenants_own_operators_and_admins_may_nothing_here() {
        for (String group : List.of("operator", "admin")) {
            for (String action : List.of("pause", "resume", "adopt", "parked/1/retry", "parked/1/skip")) {
                refused(given().auth().oauth2(Token.of("acme", group).signed()).post("/v1/outbox/scheduler/" + action));
            }
            refused(given().auth().oauth2(Token.of("acme", group).signed()).get("/v1/outbox"));
            refused(given().auth().oauth2(Token.of("acme", group).signed()).get("/v1/outbox/scheduler/parked"));
        }
        as("operator").get("/v1/outbox").then().body("sources[0].paused", equalTo(false));
    }

    private static void refused(Response answer) {
        answer.then()
                .statusCode(403)
                .body("type", equalTo("urn:carillon:problem:platform-operators-only"))
                .body("detail", containsString("carillon.relay.operators-tenant"));
    }

    @Test
    void an_unknown_source_or_parked_event_is_not_found() {
        as("admin")
                .post("/v1/outbox/nowhere/pause")
                .then()
                .statusCode(404)
                .body("type", equalTo("urn:carillon:problem:not-found"));
        as("admin").get("/v1/outbox/nowhere/parked").then().statusCode(404);
        as("admin").post("/v1/outbox/scheduler/parked/4711/retry").then().statusCode(404);
        as("admin").post("/v1/outbox/scheduler/parked/x/skip").then().statusCode(404);
    }

    @Test
    void a_source_whose_database_is_another_says_so_and_what_to_do_until_it_is_adopted() {
        as("operator")
                .post("/v1/outbox/scheduler/adopt")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:carillon:problem:nothing-to-adopt"));
        as("operator").post("/v1/outbox/nowhere/adopt").then().statusCode(404);
        try (var outbox = outbox()) {
            outbox.restoredElsewhere();
        }
        await().untilAsserted(() -> given().get("/q/health/ready")
                .then()
                .statusCode(503)
                .body("checks.data.scheduler", hasItem(containsString("POST /v1/outbox/scheduler/adopt"))));
        as("operator").get("/v1/outbox").then().body("sources[0].foreign", containsString("another database"));

        as("operator").post("/v1/outbox/scheduler/adopt").then().statusCode(200).body("source", equalTo("scheduler"));

        await().untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
        as("operator").get("/v1/outbox").then().body("sources[0].foreign", nullValue());
    }

    @Test
    void a_limit_that_is_none_is_named() {
        as("admin")
                .get("/v1/outbox/scheduler/parked?limit=many")
                .then()
                .statusCode(400)
                .body("errors[0].pointer", equalTo("limit"));
        as("admin").get("/v1/outbox/scheduler/parked?cursor=-1").then().statusCode(400);
    }

    @Test
    void a_paused_source_says_so_until_it_is_resumed_also_when_it_is_paused_twice() {
        for (int time = 0; time < 2; time++) {
            as("operator")
                    .post("/v1/outbox/scheduler/pause")
                    .then()
                    .statusCode(200)
                    .body("paused", equalTo(true));
        }
        as("operator").get("/v1/outbox").then().body("sources[0].paused", equalTo(true));
        as("operator")
                .post("/v1/outbox/scheduler/resume")
                .then()
                .statusCode(200)
                .body("paused", equalTo(false));
    }

    @Test
    void a_parked_event_is_listed_refused_again_on_retry_and_gone_after_a_skip() {
        String topic = newTopic();
        String key = UUID.randomUUID().toString();
        try (var outbox = outbox()) {
            outbox.append(topic, key, 1, OVERSIZE);
            outbox.append(topic, key, 2, "{}");
            await().until(() -> parkedIdsOf(key).size() == 2);
        }
        String first = parkedIdsOf(key).getFirst();
        String second = parkedIdsOf(key).getLast();

        as("operator")
                .post("/v1/outbox/scheduler/parked/%s/retry".formatted(second))
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:carillon:problem:not-first-of-key"));
        as("operator")
                .post("/v1/outbox/scheduler/parked/%s/retry".formatted(first))
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:carillon:problem:event-refused"))
                .body("detail", containsString("RecordTooLarge"));
        as("operator")
                .post("/v1/outbox/scheduler/parked/%s/skip".formatted(first))
                .then()
                .statusCode(200)
                .body("outcome", equalTo("skipped"));
        as("operator")
                .post("/v1/outbox/scheduler/parked/%s/retry".formatted(second))
                .then()
                .statusCode(200)
                .body("outcome", equalTo("published"));
        as("operator").get("/v1/outbox/scheduler/parked").then().body("$", hasKey("nextCursor"));
        as("operator").get("/v1/outbox/scheduler/parked").then().body("nextCursor", nullValue());
    }

    @Test
    void every_call_is_described_with_what_it_answers() {
        Map<String, Map<String, Map<String, Object>>> paths = given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .extract()
                .path("paths");
        assertThat(paths).containsKey("/v1/outbox/{source}/pause");
        paths.forEach((path, operations) ->
                operations.forEach((method, operation) -> assertThat(String.valueOf(operation.get("responses")))
                        .as(method + " " + path)
                        .containsPattern("[{ ]2\\d\\d=")));
    }

    @Test
    void a_decision_that_is_asked_for_again_is_answered_the_same_and_another_one_is_refused() {
        String topic = newTopic();
        String key = UUID.randomUUID().toString();
        try (var outbox = outbox()) {
            outbox.append(topic, key, 1, OVERSIZE);
            outbox.append(topic, key, 2, "{}");
            await().until(() -> parkedIdsOf(key).size() == 2);
        }
        String skip =
                "/v1/outbox/scheduler/parked/%s/skip".formatted(parkedIdsOf(key).getFirst());
        String retry = "/v1/outbox/scheduler/parked/%s/retry"
                .formatted(parkedIdsOf(key).getLast());

        decided(keyed("one").post(skip), "skipped").header("Idempotency-Replayed", nullValue());
        decided(keyed("one").post(skip), "skipped").header("Idempotency-Replayed", "true");
        decided(as("operator").post(skip), "skipped").header("Idempotency-Replayed", "true");
        alreadyDecided(keyed("two").post(skip), "skipped");
        alreadyDecided(as("operator").post(skip.replace("/skip", "/retry")), "skipped");

        decided(as("operator").post(retry), "published").header("Idempotency-Replayed", nullValue());
        decided(as("operator").post(retry), "published").header("Idempotency-Replayed", "true");
        alreadyDecided(as("operator").post(retry.replace("/retry", "/skip")), "published");
        keyed("two words")
                .post(retry)
                .then()
                .statusCode(400)
                .body("type", equalTo("urn:carillon:problem:idempotency-key-malformed"));
    }

    private static ValidatableResponse decided(Response answer, String outcome) {
        return answer.then().statusCode(200).body("outcome", equalTo(outcome));
    }

    private static void alreadyDecided(Response answer, String outcome) {
        answer.then()
                .statusCode(409)
                .body("type", equalTo("urn:carillon:problem:already-decided"))
                .body("outcome", equalTo(outcome));
    }

    private static RequestSpecification keyed(String key) {
        return as("operator").header("Idempotency-Key", key);
    }

    @Test
    void readiness_names_a_topic_that_events_wait_for() {
        String missing = "missing." + UUID.randomUUID();
        given().get("/q/health/live").then().statusCode(200);
        await().untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
        try (var outbox = outbox()) {
            outbox.append(missing, "key", 1, "{}");
            await().untilAsserted(() -> given().get("/q/health/ready")
                    .then()
                    .statusCode(503)
                    .body("checks.data.scheduler", hasItem(containsString("topic " + missing + " is missing"))));

            KafkaServer.shared().createTopics(Topic.named(missing));

            await().untilAsserted(() -> given().get("/q/health/ready").then().statusCode(200));
        }
    }

    @Test
    void metrics_tell_of_each_source() {
        given().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("carillon_outbox_backlog{source=\"scheduler\"}"))
                .body(containsString("carillon_relay_published_total{source=\"scheduler\"}"));
    }

    @Test
    void metrics_tell_how_much_waits_in_each_lane() {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(
                        given().get("/q/metrics").asString().lines())
                .filteredOn(line -> line.matches("carillon_outbox_lane_backlog\\{.*} \\d.*"))
                .hasSize(64));
    }

    @Test
    void metrics_are_those_that_are_written_down() {
        String exported = given().get("/q/metrics").asString();
        assertThat(MetricsReference.read().differences("outbox-relay", exported))
                .isEmpty();
    }

    private static List<String> parkedIdsOf(String key) {
        return as("operator")
                .get("/v1/outbox/scheduler/parked?limit=500")
                .path("items.findAll { it.key == '%s' }.id".formatted(key));
    }

    private static RequestSpecification as(String group) {
        return given().auth().oauth2(Token.of("platform", group).signed());
    }

    private static OutboxFixture outbox() {
        var server = PostgresServer.shared();
        return OutboxFixture.of(new Database(
                server.host(),
                server.port(),
                setting("test.outbox.name"),
                setting("test.outbox.user"),
                setting("test.outbox.password")));
    }

    private static String newTopic() {
        String topic = "test." + UUID.randomUUID();
        KafkaServer.shared().createTopics(Topic.named(topic));
        return topic;
    }

    private static String setting(String name) {
        return ConfigProvider.getConfig().getValue(name, String.class);
    }
}

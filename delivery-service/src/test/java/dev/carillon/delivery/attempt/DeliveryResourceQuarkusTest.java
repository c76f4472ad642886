package dev.carillon.delivery.attempt;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;

import dev.carillon.delivery.support.DeliveryDatabase;
import dev.carillon.delivery.support.Receiver;
import dev.carillon.delivery.support.SchedulerTopic;
import dev.carillon.delivery.support.ShortWaits;
import dev.carillon.delivery.support.Staged;
import dev.carillon.kit.testing.contract.EventContract;
import dev.carillon.kit.testing.identity.Token;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /v1/deliveries}, health, and what happens to a record that nobody can read. */
@QuarkusTest
@TestProfile(ShortWaits.class)
class DeliveryResourceQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String bootstrapServers = "";

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

    private Staged staged(Duration dueIn) {
        var message =
                Staged.webhook(receiver.url(path), Instant.now().plus(dueIn)).of(tenant);
        scheduler.stage(message);
        return message;
    }

    private Staged ended(String type, Duration dueIn) {
        var message = staged(dueIn);
        await().atMost(PATIENCE).until(() -> database.types(message.id()).contains(type));
        return message;
    }

    private static RequestSpecification as(String tenant, String group) {
        return given().auth().oauth2(Token.of(tenant, group).signed());
    }

    private ValidatableResponse list(String query) {
        return as(tenant, "viewer").get("/v1/deliveries" + query).then();
    }

    private String idOf(Staged message) {
        return list("?messageId=" + message.id()).statusCode(200).extract().path("items[0].id");
    }

    @Test
    void both_lists_of_deliveries_are_described_with_every_parameter_that_they_take() {
        var paths = given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .setRootPath("paths");
        assertThat(paths.getList("'/v1/deliveries'.'get'.parameters.name", String.class))
                .containsExactlyInAnyOrder(
                        "messageId", "status", "channel", "destination", "from", "to", "limit", "cursor");
        assertThat(paths.getList("'/v1/dead-letters'.'get'.parameters.name", String.class))
                .containsExactlyInAnyOrder("messageId", "channel", "destination", "from", "to", "limit", "cursor");
        for (var list : List.of("deliveries", "dead-letters")) {
            var parameters = "'/v1/%s'.'get'.parameters".formatted(list);
            assertThat(paths.getList(parameters + ".'in'", String.class)).containsOnly("query");
            assertThat(Set.copyOf(paths.getList(parameters + ".schema", Map.class)))
                    .as("all are texts")
                    .hasSize(1);
        }
    }

    @Test
    void a_delivery_is_shown_with_its_attempts() {
        var message = ended("delivered", Duration.ZERO);

        as(tenant, "viewer")
                .get("/v1/deliveries/" + idOf(message))
                .then()
                .statusCode(200)
                .body("messageId", equalTo(message.id().toString()))
                .body("status", equalTo("delivered"))
                .body("destination.url", equalTo(receiver.url(path).toString()))
                .body("lateness", notNullValue())
                .body("traceId", equalTo("4bf92f3577b34da6a3ce929d0e0e4736"))
                .body("attempts", hasSize(1))
                .body("attempts[0].number", equalTo(1))
                .body("attempts[0].outcome", equalTo("delivered"))
                .body("attempts[0].providerStatus", equalTo(200))
                .body("attempts[0].duration", notNullValue());
    }

    @Test
    void another_tenants_delivery_does_not_exist() {
        var id = idOf(ended("delivered", Duration.ZERO));

        as("somebody-else", "admin")
                .get("/v1/deliveries/" + id)
                .then()
                .statusCode(404)
                .body("type", equalTo("urn:carillon:problem:not-found"));
        as("somebody-else", "admin")
                .post("/v1/deliveries/" + id + "/retry")
                .then()
                .statusCode(404);
        as("somebody-else", "admin")
                .get("/v1/deliveries?messageId=" + UUID.randomUUID())
                .then()
                .statusCode(200)
                .body("items", hasSize(0));
    }

    @Test
    void pages_go_from_the_newest_to_the_oldest_and_miss_none() {
        var first = ended("accepted", Duration.ofHours(1));
        var second = ended("accepted", Duration.ofHours(1));
        var third = ended("accepted", Duration.ofHours(1));

        var page = list("?limit=2").statusCode(200).body("items", hasSize(2));
        String cursor = page.extract().path("nextCursor");

        assertThat(page.extract().<List<String>>path("items.messageId"))
                .containsExactly(third.id().toString(), second.id().toString());
        list("?limit=2&cursor=" + cursor)
                .statusCode(200)
                .body("items.messageId", equalTo(List.of(first.id().toString())))
                .body("nextCursor", equalTo(null));
    }

    @Test
    void filters_narrow_the_list() {
        var delivered = ended("delivered", Duration.ZERO);
        var pending = ended("accepted", Duration.ofHours(1));

        list("?status=pending")
                .body("items.messageId", equalTo(List.of(pending.id().toString())));
        list("?status=delivered")
                .body("items.messageId", equalTo(List.of(delivered.id().toString())));
        list("?channel=webhook").body("items", hasSize(2));
        list("?channel=email").body("items", hasSize(0));
        list("?destination=" + receiver.url(path)).body("items", hasSize(2));
        list("?destination=" + path.substring(1)).body("items", hasSize(0));
        list("?destination=channel").body("items", hasSize(0));
        list("?from=" + Instant.now().plusSeconds(60)).body("items", hasSize(1));
        list("?to=" + Instant.now().plusSeconds(60)).body("items", hasSize(1));
    }

    @Test
    void a_destination_may_be_as_long_as_a_url() {
        var url = receiver.url(path + "/" + "x".repeat(300));
        var message = Staged.webhook(url, Instant.now().plusSeconds(600)).of(tenant);
        scheduler.stage(message);
        await().atMost(PATIENCE).until(() -> database.types(message.id()).contains("accepted"));

        list("?destination=" + url)
                .statusCode(200)
                .body("items.messageId", equalTo(List.of(message.id().toString())));
        list("?destination=" + "x".repeat(2_049)).statusCode(400).body("errors[0].pointer", equalTo("destination"));
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0,limit",
        "limit=501,limit",
        "limit=x,limit",
        "status=sleeping,status",
        "channel=pigeon,channel",
        "messageId=1,messageId",
        "from=yesterday,from",
        "destination=a\u0000b,destination",
        "cursor=x,cursor"
    })
    void a_bad_parameter_is_refused_by_its_name(String query, String name) {
        list("?" + query)
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:carillon:problem:invalid-parameter"))
                .body("errors[0].pointer", containsString(name));
    }

    @Test
    void an_id_that_is_none_is_not_found_and_a_viewer_may_not_retry() {
        as(tenant, "viewer").get("/v1/deliveries/1").then().statusCode(404);
        as(tenant, "viewer")
                .post("/v1/deliveries/" + UUID.randomUUID() + "/retry")
                .then()
                .statusCode(403);
        given().get("/v1/deliveries").then().statusCode(401);
    }

    @Test
    void a_dead_delivery_is_retried_on_request_with_the_same_key_and_a_new_attempt() {
        receiver.answering(path, 400, 200);
        var message = ended("dead-lettered", Duration.ZERO);
        var id = idOf(message);

        for (var replayed : new String[] {null, "true"}) {
            as(tenant, "operator")
                    .header("Idempotency-Key", "once")
                    .post("/v1/deliveries/" + id + "/retry")
                    .then()
                    .statusCode(200)
                    .header("Idempotency-Replayed", equalTo(replayed));
        }

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(database.types(message.id()))
                .containsExactly("accepted", "dead-lettered", "redriven", "delivered"));
        assertThat(receiver.calls(path))
                .extracting(Receiver.Call::webhookId)
                .containsExactly(message.id().toString(), message.id().toString());
        assertThat(given().get("/q/metrics").asString())
                .contains("attempts_total{attempt=\"requested\",channel=\"webhook\",outcome=\"delivered\"} ");
    }

    @Test
    void a_delivery_and_its_attempts_are_read_by_two_statements_which_are_counted() {
        var id = idOf(ended("delivered", Duration.ZERO));
        double requests = statements("count");
        double statements = statements("sum");

        as(tenant, "viewer").get("/v1/deliveries/" + id).then().statusCode(200);

        await().atMost(PATIENCE).until(() -> statements("count") > requests);
        assertThat(statements("sum") - statements).isEqualTo(2);
    }

    private static double statements(String suffix) {
        var series = "carillon_request_statements_" + suffix + "{method=\"GET\",uri=\"/v1/deliveries/{id}\"} ";
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith(series))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length())))
                .sum();
    }

    @Test
    void what_is_neither_waiting_nor_dead_cannot_be_retried() {
        var id = idOf(ended("delivered", Duration.ZERO));

        as(tenant, "operator")
                .post("/v1/deliveries/" + id + "/retry")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:carillon:problem:not-retriable"))
                .body("deliveryStatus", equalTo("delivered"));
    }

    @Test
    void readiness_names_what_it_depends_on() {
        await().atMost(PATIENCE).untilAsserted(() -> given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body(
                        "checks.name",
                        hasItems(
                                "outbox",
                                "consumers-assigned",
                                "Kafka connection health check",
                                "api-keys",
                                "attempts")));
    }

    @Test
    void the_least_that_the_contract_lets_the_scheduler_say_is_understood() {
        var message = Staged.webhook(receiver.url(path), Instant.now()).of(tenant);
        scheduler.send(
                message,
                "carillon.message.staged.v1",
                EventContract.of("carillon.message.staged.v1")
                        .smallest(Map.of(
                                "/messageId", message.id().toString(),
                                "/to/channel", "webhook",
                                "/to/url", receiver.url(path).toString(),
                                "/dueAt", Instant.now().plusSeconds(60).toString())));
        await().atMost(PATIENCE).until(() -> database.types(message.id()).equals(List.of("accepted")));
        scheduler.send(
                message,
                "carillon.message.recalled.v1",
                EventContract.of("carillon.message.recalled.v1")
                        .smallest(Map.of("/messageId", message.id().toString())));
        await().atMost(PATIENCE).until(() -> database.types(message.id()).equals(List.of("accepted", "recalled")));
    }

    @Test
    void a_staging_that_comes_after_a_later_generation_of_its_message_is_never_attempted() {
        var message = Staged.webhook(receiver.url(path), Instant.now()).of(tenant);
        var edited = new Staged(
                message.id(),
                2,
                tenant,
                message.to(),
                message.content(),
                Instant.now().plusSeconds(3600),
                null,
                null);
        scheduler.stage(edited);
        await().atMost(PATIENCE).until(() -> database.types(message.id()).equals(List.of("accepted")));
        scheduler.stage(message);
        // Read after it, since it has the same key.
        scheduler.recall(edited);
        await().atMost(PATIENCE).until(() -> database.types(message.id()).contains("recalled"));
        assertThat(database.types(message.id())).containsExactly("accepted", "recalled");
        assertThat(receiver.calls(path)).isEmpty();
        list("?messageId=" + message.id()).statusCode(200).body("items", hasSize(1));
    }

    @Test
    void of_two_generations_that_are_read_at_once_the_later_one_counts() {
        var message = Staged.webhook(receiver.url(path), Instant.now().plusSeconds(3600))
                .of(tenant);
        scheduler.stage(message.ofGeneration(2));
        scheduler.stage(message);
        scheduler.recall(message.ofGeneration(2));
        await().atMost(PATIENCE).until(() -> database.types(message.id()).contains("recalled"));
        assertThat(database.types(message.id())).containsExactly("accepted", "recalled");
    }

    @Test
    void a_record_that_nobody_can_read_becomes_a_dead_letter_and_holds_up_nothing() {
        var unreadable = Staged.webhook(receiver.url(path), Instant.now()).of(tenant);
        scheduler.send(unreadable, "carillon.message.staged.v1", "{\"messageId\":");

        var good = ended("delivered", Duration.ZERO);

        assertThat(receiver.calls(path))
                .extracting(Receiver.Call::webhookId)
                .containsExactly(good.id().toString());
        var letter = deadLetterOf(unreadable);
        assertThat(new String(letter.value(), StandardCharsets.UTF_8)).isEqualTo("{\"messageId\":");
        assertThat(letter.headers().lastHeader("x-carillon-dlq-error")).isNotNull();
        assertThat(letter.headers().lastHeader("ce_subject").value())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(unreadable.id().toString());
    }

    @Test
    void a_record_that_does_not_say_of_which_message_becomes_a_dead_letter() {
        var staged = Staged.webhook(receiver.url(path), Instant.now()).of(tenant);
        scheduler.send(staged, "carillon.message.staged.v1", "{\"generation\":1,\"to\":{},\"content\":{}}");
        var recalled = Staged.webhook(receiver.url(path), Instant.now()).of(tenant);
        scheduler.send(recalled, "carillon.message.recalled.v1", "{\"generation\":1}");
        for (var nameless : List.of(staged, recalled)) {
            assertThat(errorOf(deadLetterOf(nameless))).contains("lacks messageId");
        }
    }

    @Test
    void a_record_of_no_generation_or_one_below_the_first_becomes_a_dead_letter() {
        var staged = Staged.webhook(receiver.url(path), Instant.now()).of(tenant);
        scheduler.stage(staged.ofGeneration(0));
        var recalled = Staged.webhook(receiver.url(path), Instant.now()).of(tenant);
        scheduler.recall(recalled.ofGeneration(-1));
        var silent = Staged.webhook(receiver.url(path), Instant.now()).of(tenant);
        scheduler.send(silent, "carillon.message.recalled.v1", "{\"messageId\":\"" + silent.id() + "\"}");

        for (var malformed : List.of(staged, recalled)) {
            assertThat(errorOf(deadLetterOf(malformed))).contains("has a generation below 1");
            assertThat(database.types(malformed.id())).isEmpty();
        }
        assertThat(errorOf(deadLetterOf(silent))).contains("at /generation");
        assertThat(database.types(silent.id())).isEmpty();
    }

    private static String errorOf(ConsumerRecord<String, byte[]> letter) {
        return new String(letter.headers().lastHeader("x-carillon-dlq-error").value(), StandardCharsets.UTF_8);
    }

    private ConsumerRecord<String, byte[]> deadLetterOf(Staged message) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                "test-" + UUID.randomUUID(),
                "auto.offset.reset",
                "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(List.of(SchedulerTopic.NAME + ".delivery.dlq"));
            var deadline = Instant.now().plus(PATIENCE);
            while (Instant.now().isBefore(deadline)) {
                for (var letter : consumer.poll(Duration.ofMillis(500))) {
                    if (message.id().toString().equals(letter.key())) {
                        return letter;
                    }
                }
            }
        }
        throw new AssertionError("no dead letter of " + message.id());
    }
}

package dev.carillon.relay.deadletter;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.testing.identity.Issuer;
import dev.carillon.kit.testing.identity.Token;
import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.kafka.Topic;
import dev.carillon.relay.deadletter.DeadLetters.Beginning;
import dev.carillon.relay.deadletter.kafka.KafkaDeadLetters;
import dev.carillon.relay.http.RelayUnderTest;
import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RelayUnderTest.class)
@QuarkusTestResource(Issuer.class)
class DeadLettersQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final KafkaServer KAFKA = KafkaServer.shared();

    private final String topic = "test." + UUID.randomUUID();
    private final String dlq = topic + ".readers.dlq";

    @BeforeEach
    void makeTopics() {
        KAFKA.createTopics(new Topic(topic, 2, Map.of()), new Topic(dlq, 2, Map.of()));
    }

    @Test
    void topics_are_listed_with_their_counts() {
        letters(5);
        as("operator")
                .get("/v1/event-dead-letters")
                .then()
                .statusCode(200)
                .body("items.find { it.topic == '%s' }.group".formatted(topic), equalTo("readers"))
                .body("items.find { it.topic == '%s' }.deadLetterTopic".formatted(topic), equalTo(dlq))
                .body("items.find { it.topic == '%s' }.count".formatted(topic), equalTo(5));
    }

    @Test
    void dead_letters_are_listed_page_by_page_with_their_error_and_the_beginning_of_their_payload() {
        letters(5);
        var first = list("&limit=3").statusCode(200).body("items", hasSize(3));
        String cursor = first.extract().path("nextCursor");
        var rest = list("&limit=3&cursor=" + cursor)
                .body("items", hasSize(2))
                .body("nextCursor", nullValue())
                .body("items[0].error", equalTo("UnreadableEvent: for a test"))
                .body("items[0].headers.x-carillon-dlq-attempts", equalTo("1"))
                .body("items[0].size", equalTo(2_000))
                .body("items[0].redriven", equalTo(false));
        List<String> keys = new ArrayList<>(first.extract().<List<String>>path("items.key"));
        keys.addAll(rest.extract().path("items.key"));
        assertThat(keys).containsExactlyInAnyOrder("k0", "k1", "k2", "k3", "k4");
        assertThat(rest.extract().<String>path("items[0].payload")).hasSize(1_000);
    }

    @Test
    void a_dry_run_counts_and_does_nothing() {
        letters(4);
        redrive("{\"topic\":\"%s\",\"group\":\"readers\",\"dryRun\":true}")
                .statusCode(200)
                .body("count", equalTo(4));
        assertThat(read(topic)).isEmpty();
        list("").body("items.redriven", equalTo(List.of(false, false, false, false)));
    }

    @Test
    void a_redrive_puts_all_back_as_they_were_and_a_second_one_only_what_has_come_since() {
        letters(30);
        var id = begun(1_000);
        awaitStatus(id, "finished");
        as("operator")
                .get("/v1/event-redrives/" + id)
                .then()
                .body("redriven", equalTo(30))
                .body("total", equalTo(30));
        var back = read(topic);
        assertThat(back).hasSize(30);
        assertThat(back).extracting(ConsumerRecord::key).doesNotHaveDuplicates();
        assertThat(back).allSatisfy(record -> {
            assertThat(record.value()).hasSize(2_000);
            assertThat(record.headers().lastHeader("ce_id")).isNotNull();
            assertThat(new String(
                            record.headers()
                                    .lastHeader("x-carillon-dlq-attempts")
                                    .value(),
                            UTF_8))
                    .isEqualTo("1");
        });
        list("").body("items.redriven.unique()", equalTo(List.of(true)));

        redrive("{\"topic\":\"%s\",\"group\":\"readers\",\"dryRun\":true}").body("count", equalTo(0));
        letters(2);
        awaitStatus(begun(1_000), "finished");
        assertThat(read(topic)).hasSize(32);
    }

    @Test
    void a_redrive_goes_at_its_rate_and_one_that_is_stopped_goes_on_where_it_was() {
        letters(60);
        var id = begun(2);
        await().atMost(PATIENCE).until(() -> read(topic).size() >= 2);
        redrive("{\"topic\":\"%s\",\"group\":\"readers\"}")
                .statusCode(409)
                .body("type", equalTo("urn:carillon:problem:redrive-running"));
        as("operator")
                .post("/v1/event-redrives/" + id + "/stop")
                .then()
                .statusCode(200)
                .body("status", equalTo("stopped"));
        int before = read(topic).size();
        assertThat(before).isLessThan(60);
        awaitStatus(id, "stopped");
        as("operator")
                .post("/v1/event-redrives/" + id + "/stop")
                .then()
                .statusCode(200)
                .body("status", equalTo("stopped"));

        awaitStatus(begun(1_000), "finished");
        assertThat(read(topic)).extracting(ConsumerRecord::key).hasSize(60).doesNotHaveDuplicates();
        as("operator").get("/v1/event-redrives/" + id).then().statusCode(404);
    }

    @Test
    void another_relay_tells_of_a_redrive_and_stops_it() {
        letters(60);
        var other = new KafkaDeadLetters(
                Map.of("bootstrap.servers", KAFKA.bootstrapServers()), new Traces(OpenTelemetry.noop()));
        var beginning = other.begin(new DeadLetterTopic(topic, "readers"), 2, "somebody", null);
        var begun = ((Beginning.Begun) beginning).redrive();
        await().atMost(PATIENCE).until(() -> read(topic).size() >= 2);
        as("operator")
                .get("/v1/event-redrives/" + begun.id())
                .then()
                .statusCode(200)
                .body("status", equalTo("running"))
                .body("startedBy", equalTo("somebody"))
                .body("ratePerSecond", equalTo(2));
        redrive("{\"topic\":\"%s\",\"group\":\"readers\"}").statusCode(409);

        as("operator")
                .post("/v1/event-redrives/" + begun.id() + "/stop")
                .then()
                .statusCode(200)
                .body("status", equalTo("stopped"));

        awaitStatus(begun(1_000), "finished");
        // What the other one had sent and not committed may come twice.
        assertThat(read(topic)).hasSizeBetween(60, 62);
    }

    @Test
    void a_redrive_that_is_asked_for_again_with_its_key_is_the_same_one_and_begins_no_other() {
        letters(3);
        var key = UUID.randomUUID().toString();
        var body = "{\"topic\":\"%s\",\"group\":\"readers\",\"ratePerSecond\":1000}";
        String id = keyed(key, body)
                .statusCode(202)
                .header("Idempotency-Replayed", nullValue())
                .extract()
                .path("id");
        awaitStatus(id, "finished");
        letters(2);

        keyed(key, body)
                .statusCode(202)
                .header("Idempotency-Replayed", "true")
                .header("Location", containsString(id))
                .body("id", equalTo(id))
                .body("status", equalTo("finished"))
                .body("redriven", equalTo(3));
        keyed(key, body.replace("1000", "999"))
                .statusCode(422)
                .body("type", equalTo("urn:carillon:problem:idempotency-key-reused"));
        keyed("two words", body)
                .statusCode(400)
                .body("type", equalTo("urn:carillon:problem:idempotency-key-malformed"));
        redrive("{\"topic\":\"%s\",\"group\":\"readers\",\"dryRun\":true}").body("count", equalTo(2));
    }

    @Test
    void only_operators_of_the_platform_are_let_in_and_what_is_not_there_is_not_found() {
        given().get("/v1/event-dead-letters").then().statusCode(401);
        as("viewer").get("/v1/event-dead-letters").then().statusCode(403);
        given().auth()
                .oauth2(Token.of("acme", "admin").signed())
                .get("/v1/event-dead-letters")
                .then()
                .statusCode(403)
                .body("type", equalTo("urn:carillon:problem:platform-operators-only"));
        as("operator")
                .get("/v1/event-dead-letters?topic=none&group=readers")
                .then()
                .statusCode(404)
                .body("type", equalTo("urn:carillon:problem:not-found"));
        as("operator")
                .get("/v1/event-dead-letters?topic=x%20y&group=readers")
                .then()
                .statusCode(404);
        as("operator").get("/v1/event-redrives/" + UUID.randomUUID()).then().statusCode(404);
        as("operator").get("/v1/event-redrives/1").then().statusCode(404);
    }

    @Test
    void what_is_malformed_is_named() {
        list("&cursor=x").statusCode(400).body("errors[0].pointer", equalTo("cursor"));
        list("&limit=0").statusCode(400).body("errors[0].pointer", equalTo("limit"));
        redrive("{\"topic\":\"%s\"}").statusCode(422).body("errors[0].pointer", equalTo("/group"));
        redrive("{\"topic\":\"%s\",\"group\":\"readers\",\"ratePerSecond\":0}")
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/ratePerSecond"));
        redrive("{\"topic\":\"%s\",\"group\":\"readers\",\"speed\":1}")
                .statusCode(400)
                .body("type", containsString("unknown-field"));
    }

    @Test
    void a_topics_name_says_whose_dead_letters_it_has() {
        assertThat(DeadLetterTopic.named("carillon.delivery.events.v1.scheduler.dlq"))
                .contains(new DeadLetterTopic("carillon.delivery.events.v1", "scheduler"));
        assertThat(DeadLetterTopic.named("carillon.delivery.events.v1")).isEmpty();
        assertThat(DeadLetterTopic.named("scheduler.dlq")).isEmpty();
        assertThat(DeadLetterTopic.named("..dlq")).isEmpty();
    }

    private void letters(int count) {
        // One after another: a new topic's first batch may be refused, and those behind it then are out of order for
        // ever.
        Map<String, Object> settings =
                Map.of("bootstrap.servers", KAFKA.bootstrapServers(), "max.in.flight.requests.per.connection", 1);
        var sent = new ArrayList<Future<RecordMetadata>>();
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                var letter = new ProducerRecord<>(dlq, "k" + i, "x".repeat(2_000));
                Map.of(
                                "ce_id", UUID.randomUUID().toString(),
                                "x-carillon-dlq-topic", "nobody.believes.this",
                                "x-carillon-dlq-attempts", "1",
                                "x-carillon-dlq-last-failed-at", Instant.now().toString(),
                                "x-carillon-dlq-error", "UnreadableEvent: for a test")
                        .forEach((name, value) -> letter.headers().add(name, value.getBytes(UTF_8)));
                sent.add(producer.send(letter));
            }
        }
        assertThat(sent).allSatisfy(one -> assertThat(one.get()).isNotNull());
    }

    private ValidatableResponse list(String query) {
        return as("operator")
                .get("/v1/event-dead-letters?topic=%s&group=readers%s".formatted(topic, query))
                .then();
    }

    private ValidatableResponse redrive(String body) {
        return redrive(as("operator"), body);
    }

    private ValidatableResponse keyed(String key, String body) {
        return redrive(as("operator").header("Idempotency-Key", key), body);
    }

    private ValidatableResponse redrive(RequestSpecification request, String body) {
        return request.contentType("application/json")
                .body(body.formatted(topic))
                .post("/v1/event-dead-letters/redrive")
                .then();
    }

    private String begun(int rate) {
        return redrive("{\"topic\":\"%s\",\"group\":\"readers\",\"ratePerSecond\":" + rate + "}")
                .statusCode(202)
                .header("Location", containsString("/v1/event-redrives/"))
                .extract()
                .path("id");
    }

    private static void awaitStatus(String id, String status) {
        await().atMost(PATIENCE).untilAsserted(() -> as("operator")
                .get("/v1/event-redrives/" + id)
                .then()
                .statusCode(200)
                .body("status", equalTo(status)));
    }

    private static RequestSpecification as(String group) {
        return given().auth().oauth2(Token.of("platform", group).signed());
    }

    private static List<ConsumerRecord<String, String>> read(String topic) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", KAFKA.bootstrapServers(), "auto.offset.reset", "earliest");
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            var partitions = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            var found = new ArrayList<ConsumerRecord<String, String>>();
            while (!partitions.stream().allMatch(one -> consumer.position(one) >= ends.getOrDefault(one, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(found::add);
            }
            return found;
        }
    }
}

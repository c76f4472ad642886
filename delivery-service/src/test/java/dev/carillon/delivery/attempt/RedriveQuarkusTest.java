package dev.carillon.delivery.attempt;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import dev.carillon.delivery.redrive.store.RedriveStore;
import dev.carillon.kit.testing.identity.Token;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code /v1/dead-letters} and {@code /v1/redrives}. */
@QuarkusTest
@TestProfile(ShortWaits.class)
class RedriveQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Inject
    RedriveStore redrives;

    private final DeliveryDatabase database = new DeliveryDatabase();
    private final Receiver receiver = Receiver.start();
    private final String tenant = "tenant-" + UUID.randomUUID();
    private final SchedulerTopic scheduler = new SchedulerTopic();

    @AfterEach
    void disconnect() {
        scheduler.close();
        receiver.close();
    }

    private RequestSpecification as(String owner, String group) {
        return given().auth().oauth2(Token.of(owner, group).signed()).contentType("application/json");
    }

    /** One for each path, each dead after the first attempt and taken at the next. */
    private List<Staged> dead(int count) {
        var messages = IntStream.range(0, count)
                .mapToObj(number -> {
                    var path = "/" + UUID.randomUUID();
                    receiver.answering(path, 400, 200);
                    return Staged.webhook(receiver.url(path), Instant.now()).of(tenant);
                })
                .toList();
        messages.forEach(scheduler::stage);
        awaitLast(messages, "dead-lettered");
        return messages;
    }

    private void awaitLast(List<Staged> messages, String type) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(messages)
                .allSatisfy(one -> assertThat(database.types(one.id())).last().isEqualTo(type)));
    }

    private ValidatableResponse redrive(String body) {
        return as(tenant, "operator")
                .body(body)
                .post("/v1/dead-letters/redrive")
                .then();
    }

    private JsonPath job(String id) {
        return as(tenant, "viewer")
                .get("/v1/redrives/" + id)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    private JsonPath ended(String id) {
        return await().atMost(PATIENCE)
                .until(() -> job(id), job -> !job.getString("state").equals("running"));
    }

    private String idOf(Staged message) {
        return as(tenant, "viewer")
                .get("/v1/deliveries?messageId=" + message.id())
                .then()
                .extract()
                .path("items[0].id");
    }

    private List<Receiver.Call> calls(List<Staged> messages) {
        return messages.stream().flatMap(one -> calls(one).stream()).toList();
    }

    private List<Receiver.Call> calls(Staged message) {
        return receiver.calls(URI.create(message.to().getString("url")).getPath());
    }

    @Test
    void dead_letters_are_counted_and_the_number_is_told() {
        dead(2);
        assertThat(redrives.standing().await().atMost(PATIENCE)).isGreaterThanOrEqualTo(2);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(given().get("/q/metrics").asString())
                        .containsPattern("(?m)^carillon_delivery_dead [0-9.]+"));
    }

    @Test
    void dead_letters_are_listed_with_their_attempts_and_narrowed_by_filters() {
        var letters = dead(2);
        var one = letters.getFirst();
        as(tenant, "viewer")
                .get("/v1/dead-letters")
                .then()
                .statusCode(200)
                .body(
                        "items.messageId",
                        hasItems(letters.stream().map(m -> m.id().toString()).toArray()))
                .body("items", hasSize(2))
                .body("items[0].status", equalTo("dead"))
                .body("items[0].attempts[0].number", equalTo(1))
                .body("items[0].attempts[0].providerStatus", equalTo(400))
                .body("items[0].attempts[0].error", notNullValue())
                .body("items[0].attempts[0].traceId", equalTo("4bf92f3577b34da6a3ce929d0e0e4736"));
        as(tenant, "viewer")
                .get("/v1/dead-letters?destination=" + one.to().getString("url"))
                .then()
                .body("items.messageId", equalTo(List.of(one.id().toString())));
        as(tenant, "viewer").get("/v1/dead-letters?channel=email").then().body("items", hasSize(0));
        as("somebody-else", "viewer").get("/v1/dead-letters").then().body("items", hasSize(0));
        String cursor = as(tenant, "viewer").get("/v1/dead-letters?limit=1").path("nextCursor");
        as(tenant, "viewer")
                .get("/v1/dead-letters?limit=1&cursor=" + cursor)
                .then()
                .body("items", hasSize(1))
                .body("nextCursor", equalTo(null));
    }

    @Test
    void a_dry_run_counts_and_a_redrive_gives_each_one_attempt_with_the_same_key() {
        var letters = dead(3);
        redrive("{\"dryRun\":true}").statusCode(200).body("count", equalTo(3));
        redrive("{\"dryRun\":true,\"filter\":{\"messageId\":\"%s\"}}"
                        .formatted(letters.getFirst().id()))
                .statusCode(200)
                .body("count", equalTo(1));
        assertThat(calls(letters)).hasSize(3);

        var begun = redrive("{}").statusCode(202).body("total", equalTo(3));
        String id = begun.extract().path("id");
        begun.header("Location", endsWith("/v1/redrives/" + id));

        var job = ended(id);
        assertThat(job.getString("state")).isEqualTo("done");
        assertThat(job.getInt("redriven")).isEqualTo(3);
        assertThat(job.getInt("passedOver")).isZero();
        awaitLast(letters, "delivered");
        for (var letter : letters) {
            assertThat(database.types(letter.id()))
                    .containsExactly("accepted", "dead-lettered", "redriven", "delivered");
            assertThat(calls(letter))
                    .extracting(Receiver.Call::webhookId)
                    .containsExactly(letter.id().toString(), letter.id().toString());
        }
        redrive("{\"dryRun\":true}").statusCode(200).body("count", equalTo(0));
    }

    @Test
    void a_redrive_takes_nothing_of_the_budget_for_retries() {
        var path = "/" + UUID.randomUUID();
        receiver.answering(path, call -> CompletableFuture.completedFuture(call <= 30 ? 400 : 200));
        var letters = IntStream.range(0, 30)
                .mapToObj(number ->
                        Staged.webhook(receiver.url(path), Instant.now()).of(tenant))
                .toList();
        letters.forEach(scheduler::stage);
        awaitLast(letters, "dead-lettered");
        int before = retriesLeft(path);

        ended(redrive("{\"ratePerSecond\":1000}").statusCode(202).extract().path("id"));

        awaitLast(letters, "delivered");
        assertThat(retriesLeft(path)).isGreaterThanOrEqualTo(before);
        assertThat(database.texts("SELECT id FROM delivery WHERE tenant = ? AND on_request", tenant))
                .as("the request was for one attempt")
                .isEmpty();
    }

    private int retriesLeft(String path) {
        return as(tenant, "viewer")
                .get("/v1/channels?channel=webhook")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getInt("items.find { it.scope == 'endpoint' && it.provider == '" + receiver.url(path)
                        + "' }.retryBudget.left");
    }

    @Test
    void a_repeat_with_the_same_key_is_the_same_job() {
        dead(1);
        for (var replayed : new String[] {null, "true"}) {
            as(tenant, "operator")
                    .header("Idempotency-Key", "once")
                    .body("{\"ratePerSecond\":1}")
                    .post("/v1/dead-letters/redrive")
                    .then()
                    .statusCode(202)
                    .header("Idempotency-Replayed", equalTo(replayed));
        }
        as(tenant, "operator")
                .header("Idempotency-Key", "once")
                .body("{\"ratePerSecond\":2}")
                .post("/v1/dead-letters/redrive")
                .then()
                .statusCode(422)
                .body("type", equalTo("urn:carillon:problem:idempotency-key-reused"));
    }

    @Test
    void attempts_come_at_the_rate_that_was_asked_for() {
        var letters = dead(5);
        ended(redrive("{\"ratePerSecond\":2}").statusCode(202).extract().path("id"));
        awaitLast(letters, "delivered");
        var due = letters.stream()
                .map(one -> database.told(one.id()).get(2).payload().getString("nextAttemptAt"))
                .map(Instant::parse)
                .sorted()
                .toList();
        assertThat(Duration.between(due.getFirst(), due.getLast()))
                .as("five at two a second")
                .isGreaterThanOrEqualTo(Duration.ofMillis(1_999));
    }

    @Test
    void what_is_stopped_leaves_the_rest_dead_and_a_second_one_waits_for_its_end() {
        var letters = dead(6);
        String id = redrive("{\"ratePerSecond\":1}").statusCode(202).extract().path("id");
        redrive("{}")
                .statusCode(409)
                .body("type", equalTo("urn:carillon:problem:redrive-running"))
                .body("redriveId", equalTo(id));
        await().atMost(PATIENCE).until(() -> job(id).getInt("redriven") > 0);

        for (int repeat = 0; repeat < 2; repeat++) {
            as(tenant, "operator")
                    .post("/v1/redrives/" + id + "/stop")
                    .then()
                    .statusCode(200)
                    .body("state", equalTo("stopped"))
                    .body("stoppedBy", notNullValue())
                    .body("endedAt", notNullValue());
        }

        int redriven = job(id).getInt("redriven");
        assertThat(redriven).isBetween(1, 5);
        redrive("{\"dryRun\":true}").statusCode(200).body("count", equalTo(6 - redriven));
        String next =
                redrive("{\"ratePerSecond\":1000}").statusCode(202).extract().path("id");
        assertThat(ended(next).getInt("redriven")).isEqualTo(6 - redriven);
        awaitLast(letters, "delivered");
        assertThat(calls(letters)).as("one attempt more each, whatever job").hasSize(12);
    }

    @Test
    void a_stop_that_is_repeated_with_its_key_is_the_same_stop() {
        dead(2);
        String id = redrive("{\"ratePerSecond\":1}").statusCode(202).extract().path("id");
        for (var replayed : new String[] {null, "true"}) {
            as(tenant, "operator")
                    .header("Idempotency-Key", "halt")
                    .post("/v1/redrives/" + id + "/stop")
                    .then()
                    .statusCode(200)
                    .header("Idempotency-Replayed", equalTo(replayed))
                    .body("id", equalTo(id))
                    .body("state", not(equalTo("running")));
        }
        as(tenant, "operator")
                .header("Idempotency-Key", "a b")
                .post("/v1/redrives/" + id + "/stop")
                .then()
                .statusCode(400)
                .body("type", equalTo("urn:carillon:problem:idempotency-key-malformed"));
    }

    @Test
    void a_dry_run_counts_no_further_than_a_hundred_thousand() {
        database.execute("""
                INSERT INTO delivery (id, tenant, message_id, generation, status, version, channel, destination, content, due_at, attempt_at,
                                      ended_at, created_at)
                SELECT gen_random_uuid(), ?, gen_random_uuid(), 1, 'dead', 1, 'email', '{}', '{}', now(), now(), now(), now()
                FROM generate_series(1, 100001)
                """, tenant);
        try {
            redrive("{\"dryRun\":true}").statusCode(200).body("count", equalTo(100_000));
        } finally {
            database.execute("DELETE FROM delivery WHERE tenant = ?", tenant);
        }
    }

    @Test
    void what_dies_again_is_for_the_next_redrive() {
        var path = "/" + UUID.randomUUID();
        receiver.answering(path, 400);
        var letter = Staged.webhook(receiver.url(path), Instant.now()).of(tenant);
        scheduler.stage(letter);
        awaitLast(List.of(letter), "dead-lettered");

        var job = ended(redrive("{}").statusCode(202).extract().path("id"));

        assertThat(job.getInt("redriven")).isEqualTo(1);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(database.types(letter.id()))
                .containsExactly("accepted", "dead-lettered", "redriven", "dead-lettered"));
        redrive("{\"dryRun\":true}").body("count", equalTo(1));
    }

    @Test
    void what_has_expired_is_neither_counted_nor_redriven_nor_retried() {
        var letter = dead(1).getFirst();
        var id = idOf(letter);
        database.execute(
                "UPDATE delivery SET expires_at = clock_timestamp() - interval '1 second' WHERE id = ?",
                UUID.fromString(id));

        redrive("{\"dryRun\":true}").statusCode(200).body("count", equalTo(0));
        assertThat(ended(redrive("{}").statusCode(202).extract().path("id")).getInt("redriven"))
                .isZero();
        as(tenant, "operator")
                .post("/v1/deliveries/" + id + "/retry")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:carillon:problem:delivery-expired"))
                .body("expiresAt", notNullValue());
        assertThat(database.types(letter.id())).last().isEqualTo("dead-lettered");
    }

    @Test
    void a_job_of_a_node_that_died_is_gone_on_with_where_it_was() {
        var letters = dead(3);
        var first = UUID.fromString(
                letters.stream().map(this::idOf).sorted().findFirst().orElseThrow());
        var id = UUID.randomUUID();
        database.execute("""
                WITH dead_node AS (
                    INSERT INTO timer_node (name, expires_at) VALUES ('redrive@dead', clock_timestamp() - interval '1 minute') RETURNING id),
                job AS (
                    INSERT INTO redrive (id, tenant, state, rate_per_second, total, redriven, position, created_by, created_at)
                    VALUES (?, ?, 'running', 100, 3, 1, ?, 'ann', clock_timestamp()))
                INSERT INTO timer (kind, id, due_at, claimed_by) SELECT 'redrive', ?, clock_timestamp(), id FROM dead_node
                """, id, tenant, first, id);

        var job = ended(id.toString());

        assertThat(job.getInt("redriven")).as("the one before and two now").isEqualTo(3);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(calls(letters)).hasSize(5));
        redrive("{\"dryRun\":true}").body("count", equalTo(1));
    }

    @Test
    void a_retry_and_a_redrive_at_once_make_one_attempt() {
        for (int round = 0; round < 5; round++) {
            var letter = dead(1).getFirst();
            var id = idOf(letter);
            var retry = CompletableFuture.supplyAsync(() -> as(tenant, "operator")
                    .post("/v1/deliveries/" + id + "/retry")
                    .statusCode());
            var redrive = CompletableFuture.supplyAsync(
                    () -> redrive("{}").statusCode(202).extract().<String>path("id"));

            assertThat(retry.join()).isIn(200, 409);
            ended(redrive.join());
            awaitLast(List.of(letter), "delivered");
            assertThat(calls(letter)).hasSize(2);
        }
    }

    @Test
    void of_two_redrives_at_once_one_runs() {
        dead(1);
        var statuses = Stream.generate(() -> CompletableFuture.supplyAsync(
                        () -> redrive("{\"ratePerSecond\":1}").extract().statusCode()))
                .limit(2)
                .toList();
        assertThat(statuses.stream().map(CompletableFuture::join)).containsExactlyInAnyOrder(202, 409);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"ratePerSecond\":0}|422|invalid-request|/ratePerSecond",
                "{\"ratePerSecond\":1001}|422|invalid-request|/ratePerSecond",
                "{\"filter\":{\"channel\":\"pigeon\"}}|422|invalid-request|/filter/channel",
                "{\"filter\":{\"from\":\"yesterday\"}}|422|invalid-request|/filter/from",
                "{\"filter\":{\"colour\":\"red\"}}|400|unknown-field|/filter/colour",
                "{\"filter\":{\"messageId\":\"x\"}}|400|invalid-field|/filter/messageId",
                "{\"dryRun\":\"yes\"}|400|invalid-field|/dryRun",
            })
    void a_bad_wish_is_refused_by_its_name(String body, int status, String slug, String pointer) {
        redrive(body)
                .statusCode(status)
                .body("type", equalTo("urn:carillon:problem:" + slug))
                .body("errors[0].pointer", equalTo(pointer));
    }

    @Test
    void a_destination_may_be_as_long_as_a_url() {
        var longest = "https://example.org/" + "x".repeat(2_028);
        var wish = "{\"dryRun\":true,\"filter\":{\"destination\":\"%s\"}}";
        redrive(wish.formatted(longest)).statusCode(200).body("count", equalTo(0));
        redrive(wish.formatted(longest + "x"))
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/filter/destination"));
        as(tenant, "viewer")
                .get("/v1/dead-letters?destination=" + longest)
                .then()
                .statusCode(200);
    }

    @Test
    void a_redrive_is_its_tenants_and_a_viewer_begins_and_stops_none() {
        dead(1);
        String id = redrive("{}").statusCode(202).extract().path("id");
        for (var path : List.of("/v1/redrives/" + id, "/v1/redrives/" + UUID.randomUUID())) {
            as("somebody-else", "admin").get(path).then().statusCode(404);
            as("somebody-else", "admin").post(path + "/stop").then().statusCode(404);
        }
        as(tenant, "viewer").post("/v1/redrives/" + id + "/stop").then().statusCode(403);
        as(tenant, "viewer").body("{}").post("/v1/dead-letters/redrive").then().statusCode(403);
        as(tenant, "operator").post("/v1/dead-letters/redrive").then().statusCode(400);
    }
}

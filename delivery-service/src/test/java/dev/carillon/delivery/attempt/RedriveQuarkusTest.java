package dev.carillon.delivery.attempt;

import static dev.carillon.delivery.support.DeadLetterFixture.PATIENCE;
import static dev.carillon.delivery.support.DeadLetterFixture.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import dev.carillon.delivery.support.DeadLetterFixture;
import dev.carillon.delivery.support.DeliveryDatabase;
import dev.carillon.delivery.support.Receiver;
import dev.carillon.delivery.support.SchedulerTopic;
import dev.carillon.delivery.support.ShortWaits;
import dev.carillon.delivery.support.Staged;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a redrive does with dead letters, also beside others and when its node dies. */
@QuarkusTest
@TestProfile(ShortWaits.class)
class RedriveQuarkusTest {
    private final DeadLetterFixture on = new DeadLetterFixture();
    private final DeliveryDatabase database = on.database;
    private final Receiver receiver = on.receiver;
    private final String tenant = on.tenant;
    private final SchedulerTopic scheduler = on.scheduler;

    @AfterEach
    void disconnect() {
        on.close();
    }

    @Test
    void a_dry_run_counts_and_a_redrive_gives_each_one_attempt_with_the_same_key() {
        var letters = on.dead(3);
        on.redrive("{\"dryRun\":true}").statusCode(200).body("count", equalTo(3));
        on.redrive("{\"dryRun\":true,\"filter\":{\"messageId\":\"%s\"}}"
                        .formatted(letters.getFirst().id()))
                .statusCode(200)
                .body("count", equalTo(1));
        assertThat(on.calls(letters)).hasSize(3);

        var begun = on.redrive("{}").statusCode(202).body("total", equalTo(3));
        String id = begun.extract().path("id");
        begun.header("Location", endsWith("/v1/redrives/" + id));

        var job = on.ended(id);
        assertThat(job.getString("state")).isEqualTo("done");
        assertThat(job.getInt("redriven")).isEqualTo(3);
        assertThat(job.getInt("passedOver")).isZero();
        on.awaitLast(letters, "delivered");
        for (var letter : letters) {
            assertThat(database.types(letter.id()))
                    .containsExactly("accepted", "dead-lettered", "redriven", "delivered");
            assertThat(on.calls(letter))
                    .extracting(Receiver.Call::webhookId)
                    .containsExactly(letter.id().toString(), letter.id().toString());
        }
        on.redrive("{\"dryRun\":true}").statusCode(200).body("count", equalTo(0));
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
        on.awaitLast(letters, "dead-lettered");
        int before = retriesLeft(path);

        on.ended(
                on.redrive("{\"ratePerSecond\":1000}").statusCode(202).extract().path("id"));

        on.awaitLast(letters, "delivered");
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
    void attempts_come_at_the_rate_that_was_asked_for() {
        var letters = on.dead(5);
        on.ended(on.redrive("{\"ratePerSecond\":2}").statusCode(202).extract().path("id"));
        on.awaitLast(letters, "delivered");
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
        var letters = on.dead(6);
        String id =
                on.redrive("{\"ratePerSecond\":1}").statusCode(202).extract().path("id");
        on.redrive("{}")
                .statusCode(409)
                .body("type", equalTo("urn:carillon:problem:redrive-running"))
                .body("redriveId", equalTo(id));
        await().atMost(PATIENCE).until(() -> on.job(id).getInt("redriven") > 0);

        for (int repeat = 0; repeat < 2; repeat++) {
            as(tenant, "operator")
                    .post("/v1/redrives/" + id + "/stop")
                    .then()
                    .statusCode(200)
                    .body("state", equalTo("stopped"))
                    .body("stoppedBy", notNullValue())
                    .body("endedAt", notNullValue());
        }

        int redriven = on.job(id).getInt("redriven");
        assertThat(redriven).isBetween(1, 5);
        on.redrive("{\"dryRun\":true}").statusCode(200).body("count", equalTo(6 - redriven));
        String next =
                on.redrive("{\"ratePerSecond\":1000}").statusCode(202).extract().path("id");
        assertThat(on.ended(next).getInt("redriven")).isEqualTo(6 - redriven);
        on.awaitLast(letters, "delivered");
        assertThat(on.calls(letters)).as("one attempt more each, whatever job").hasSize(12);
    }

    @Test
    void what_dies_again_is_for_the_next_redrive() {
        var path = "/" + UUID.randomUUID();
        receiver.answering(path, 400);
        var letter = Staged.webhook(receiver.url(path), Instant.now()).of(tenant);
        scheduler.stage(letter);
        on.awaitLast(List.of(letter), "dead-lettered");

        var job = on.ended(on.redrive("{}").statusCode(202).extract().path("id"));

        assertThat(job.getInt("redriven")).isEqualTo(1);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(database.types(letter.id()))
                .containsExactly("accepted", "dead-lettered", "redriven", "dead-lettered"));
        on.redrive("{\"dryRun\":true}").body("count", equalTo(1));
    }

    @Test
    void a_job_of_a_node_that_died_is_gone_on_with_where_it_was() {
        var letters = on.dead(3);
        var first = UUID.fromString(
                letters.stream().map(on::idOf).sorted().findFirst().orElseThrow());
        var id = UUID.randomUUID();
        database.execute("""
                WITH dead_node AS (
                    INSERT INTO timer_node (name, expires_at) VALUES ('redrive@dead', clock_timestamp() - interval '1 minute') RETURNING id),
                job AS (
                    INSERT INTO redrive (id, tenant, state, rate_per_second, total, redriven, position, created_by, created_at)
                    VALUES (?, ?, 'running', 100, 3, 1, ?, 'ann', clock_timestamp()))
                INSERT INTO timer (kind, id, due_at, claimed_by) SELECT 'redrive', ?, clock_timestamp(), id FROM dead_node
                """, id, tenant, first, id);

        var job = on.ended(id.toString());

        assertThat(job.getInt("redriven")).as("the one before and two now").isEqualTo(3);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(on.calls(letters)).hasSize(5));
        on.redrive("{\"dryRun\":true}").body("count", equalTo(1));
    }

    @Test
    void a_retry_and_a_redrive_at_once_make_one_attempt() {
        for (int round = 0; round < 5; round++) {
            var letter = on.dead(1).getFirst();
            var id = on.idOf(letter);
            var retry = CompletableFuture.supplyAsync(() -> as(tenant, "operator")
                    .post("/v1/deliveries/" + id + "/retry")
                    .statusCode());
            var redrive = CompletableFuture.supplyAsync(
                    () -> on.redrive("{}").statusCode(202).extract().<String>path("id"));

            assertThat(retry.join()).isIn(200, 409);
            on.ended(redrive.join());
            on.awaitLast(List.of(letter), "delivered");
            assertThat(on.calls(letter)).hasSize(2);
        }
    }

    @Test
    void of_two_redrives_at_once_one_runs() {
        on.dead(1);
        var statuses = Stream.generate(() -> CompletableFuture.supplyAsync(
                        () -> on.redrive("{\"ratePerSecond\":1}").extract().statusCode()))
                .limit(2)
                .toList();
        assertThat(statuses.stream().map(CompletableFuture::join)).containsExactlyInAnyOrder(202, 409);
    }
}

package dev.carillon.delivery.attempt;

import static dev.carillon.delivery.support.EndpointFixture.PATIENCE;
import static dev.carillon.delivery.support.EndpointFixture.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import dev.carillon.delivery.support.DeliveryDatabase;
import dev.carillon.delivery.support.EndpointFixture;
import dev.carillon.delivery.support.Receiver;
import dev.carillon.delivery.support.SchedulerTopic;
import dev.carillon.delivery.support.ShortWaits;
import dev.carillon.delivery.support.Staged;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of messages to a disabled endpoint: they are held, and let go when it is enabled. */
@QuarkusTest
@TestProfile(ShortWaits.class)
class HeldDeliveriesQuarkusTest {
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
    void what_goes_to_a_disabled_endpoint_is_held_and_let_go_at_a_rate_when_it_is_enabled() {
        String id = on.registered().getString("id");
        on.act(id, "disable")
                .statusCode(200)
                .body("status", equalTo("disabled"))
                .body("disabledBecause", equalTo("requested"));
        var messages = IntStream.range(0, 8).mapToObj(number -> on.stage(id)).toList();
        messages.forEach(message -> on.awaitLast(message, "held"));
        assertThat(receiver.calls(path)).isEmpty();
        as(tenant, "viewer")
                .get("/v1/deliveries?status=held&destination=" + id)
                .then()
                .body("items", hasSize(8));

        on.act(id, "enable").statusCode(200).body("status", equalTo("enabled")).body("disabledBecause", nullValue());

        messages.forEach(message -> on.awaitLast(message, "delivered"));
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
        String id = on.registered().getString("id");
        on.act(id, "disable").statusCode(200);
        var messages = IntStream.range(0, 17).mapToObj(number -> on.stage(id)).toList();
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
        String other = on.registered().getString("id");
        on.awaitLast(on.stage(other), "delivered");

        on.act(id, "enable").statusCode(200);

        messages.stream()
                .filter(message -> !refused.contains(message))
                .forEach(held -> on.awaitLast(held, "delivered"));
        assertThat(given().get("/q/metrics").asString())
                .contains(
                        "carillon_delivery_held ",
                        "carillon_delivery_held_largest ",
                        "carillon_delivery_hold_refusals_total ");
    }

    @Test
    void what_is_held_can_be_recalled_and_expires() {
        String id = on.registered().getString("id");
        on.act(id, "disable").statusCode(200);
        var recalled = on.stage(id);
        var expiring = Staged.endpoint(id, Instant.now())
                .of(tenant)
                .expiringAt(Instant.now().plusSeconds(4));
        scheduler.stage(expiring);
        on.awaitLast(recalled, "held");
        scheduler.recall(recalled);
        on.awaitLast(recalled, "recalled");
        on.awaitLast(expiring, "expired");
        on.act(id, "enable").statusCode(200);
        var last = on.stage(id);
        on.awaitLast(last, "delivered");
        assertThat(receiver.calls(path)).hasSize(1);
    }

    @Test
    void what_was_held_for_an_endpoint_that_is_deleted_fails_by_name() {
        String id = on.registered().getString("id");
        on.act(id, "disable").statusCode(200);
        var message = on.stage(id);
        on.awaitLast(message, "held");
        as(tenant, "operator").delete("/v1/endpoints/" + id).then().statusCode(204);
        on.awaitLast(message, "dead-lettered");
        assertThat(receiver.calls(path)).isEmpty();
    }

    @Test
    void what_is_enabled_elsewhere_in_the_moment_of_an_attempt_gets_it_there() {
        String id = on.registered().getString("id");
        on.act(id, "disable").statusCode(200);
        var elsewhere = "/" + UUID.randomUUID();
        var enable =
                "UPDATE endpoint SET status = 'enabled', disabled_because = NULL, disabled_at = NULL, url = ? WHERE id = ?";
        Staged message;
        try (var enabling = database.open(enable, receiver.url(elsewhere).toString(), UUID.fromString(id))) {
            message = on.stage(id);
            await().atMost(PATIENCE).until(() -> database.isLockedOut("%FROM endpoint%FOR SHARE%"));
        }
        on.awaitLast(message, "delivered");
        assertThat(receiver.calls(path)).isEmpty();
        assertThat(receiver.calls(elsewhere)).hasSize(1);
    }

    @Test
    void what_is_deleted_in_the_moment_of_an_attempt_is_not_called() {
        String id = on.registered().getString("id");
        on.act(id, "disable").statusCode(200);
        Staged message;
        try (var deleting = database.open("UPDATE endpoint SET status = 'deleted' WHERE id = ?", UUID.fromString(id))) {
            message = on.stage(id);
            await().atMost(PATIENCE).until(() -> database.isLockedOut("%FROM endpoint%FOR SHARE%"));
        }
        on.awaitLast(message, "dead-lettered");
        assertThat(receiver.calls(path)).isEmpty();
    }

    @Test
    void what_is_held_is_let_go_in_the_order_in_which_it_was_due() {
        String id = on.registered().getString("id");
        on.act(id, "disable").statusCode(200);
        var now = Instant.now();
        var messages = IntStream.range(0, 12)
                .mapToObj(
                        number -> Staged.endpoint(id, now.minusSeconds(number)).of(tenant))
                .toList();
        for (var message : messages) {
            scheduler.stage(message);
            on.awaitLast(message, "held");
        }

        on.act(id, "enable").statusCode(200);

        messages.forEach(message -> on.awaitLast(message, "delivered"));
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
        String id = on.registered().getString("id");
        on.act(id, "disable").statusCode(200);
        var message = on.stage(id);
        on.awaitLast(message, "held");
        try (var result = database.open("SELECT id FROM delivery WHERE message_id = ? FOR UPDATE", message.id())) {
            on.act(id, "enable").statusCode(200);
            await().atMost(PATIENCE).until(() -> database.isLockedOut("%FROM delivery d%FOR UPDATE%"));
            assertThat(database.texts(
                            "SELECT id::text FROM timer WHERE kind = 'replay' AND id = ? FOR UPDATE SKIP LOCKED",
                            UUID.fromString(id)))
                    .hasSize(1);
        }
        on.awaitLast(message, "delivered");
    }

    @Test
    void what_is_held_again_and_again_is_given_up_when_it_was_first_held_long_ago() {
        var answer = new CompletableFuture<Integer>();
        receiver.answering(path, call -> answer);
        String id = on.registered().getString("id");
        on.act(id, "disable").statusCode(200);
        var message = on.stage(id);
        on.awaitLast(message, "held");
        database.execute(
                "UPDATE delivery SET held_since = held_since - interval '40 days' WHERE message_id = ?", message.id());
        on.act(id, "enable").statusCode(200);
        await().atMost(PATIENCE).until(() -> receiver.calls(path).size() == 1);
        on.act(id, "disable").statusCode(200);
        answer.complete(503);

        on.awaitLast(message, "dead-lettered");
        assertThat(database.types(message.id()))
                .containsExactly("accepted", "held", "retry-scheduled", "retry-scheduled", "held", "dead-lettered");
        assertThat(receiver.calls(path)).hasSize(1);
    }

    @Test
    void what_was_held_does_not_count_as_late() {
        String id = on.registered().getString("id");
        on.act(id, "disable").statusCode(200);
        var hour = Duration.ofHours(1);
        var message = Staged.endpoint(id, Instant.now().minus(hour)).of(tenant);
        scheduler.stage(message);
        on.awaitLast(message, "held");
        double before = lateSeconds();

        on.act(id, "enable").statusCode(200);

        on.awaitLast(message, "delivered");
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
    void whatever_enabling_and_disabling_race_nothing_stays_held_for_an_enabled_endpoint() {
        String id = on.registered().getString("id");
        var messages = IntStream.range(0, 12)
                .mapToObj(number -> Staged.endpoint(id, Instant.now().plusMillis(1_500 + 100L * number))
                        .of(tenant))
                .toList();
        messages.forEach(scheduler::stage);
        var racing = IntStream.range(0, 2)
                .mapToObj(racer -> CompletableFuture.runAsync(() -> {
                    for (int turn = 0; turn < 12; turn++) {
                        assertThatCode(() -> on.act(id, "disable").statusCode(200))
                                .doesNotThrowAnyException();
                        on.act(id, "enable").statusCode(200);
                    }
                }))
                .toList();
        racing.forEach(CompletableFuture::join);
        on.act(id, "enable").statusCode(200).body("status", equalTo("enabled"));
        messages.forEach(message -> on.awaitLast(message, "delivered"));
        assertThat(receiver.calls(path))
                .extracting(Receiver.Call::webhookId)
                .as("each once")
                .hasSize(12)
                .doesNotHaveDuplicates();
    }

    @Test
    void of_a_recall_and_an_enabling_at_once_one_has_its_way() {
        String id = on.registered().getString("id");
        for (int round = 0; round < 5; round++) {
            on.act(id, "disable").statusCode(200);
            var message = on.stage(id);
            on.awaitLast(message, "held");
            var enabling = CompletableFuture.runAsync(() -> on.act(id, "enable").statusCode(200));
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

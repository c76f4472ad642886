package dev.carillon.delivery.attempt;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.contract.EventContract;
import dev.carillon.kit.testing.identity.Token;
import dev.carillon.kit.testing.metrics.MetricsReference;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.path.json.JsonPath;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** From the scheduler's topic to the provider and into the outbox, on a real database and broker. */
@QuarkusTest
@TestProfile(ShortWaits.class)
class AttemptsQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private static final Duration TIMEOUT = Duration.ofSeconds(6);

    @Inject
    Vertx vertx;

    @ConfigProperty(name = "carillon.smtp.port")
    int smtpPort;

    @ConfigProperty(name = "carillon.telegram.base-url")
    URI telegram = URI.create("");

    private final DeliveryDatabase database = new DeliveryDatabase();
    private final Receiver receiver = Receiver.start();
    private final String path = "/" + UUID.randomUUID();
    private final SchedulerTopic scheduler = new SchedulerTopic();

    @AfterEach
    void disconnect() {
        scheduler.close();
        receiver.close();
    }

    private Staged dueIn(Duration time) {
        return Staged.webhook(receiver.url(path), Instant.now().plus(time).truncatedTo(ChronoUnit.MICROS));
    }

    private static JsonPath view(Staged message) {
        return given().auth()
                .oauth2(Token.of(message.tenant(), "viewer").signed())
                .queryParam("messageId", message.id().toString())
                .get("/v1/deliveries")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .setRootPath("items[0]");
    }

    private static JsonPath awaitStatus(Staged message, String status) {
        await().atMost(PATIENCE).until(() -> status.equals(view(message).getString("status")));
        return view(message);
    }

    private void awaitTold(Staged message, String... types) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(database.types(message.id())).containsExactly(types));
    }

    @Test
    void metrics_are_those_that_are_written_down_and_count_exactly_what_is_a_second_late() {
        var message = dueIn(Duration.ofSeconds(1));
        scheduler.stage(message);
        awaitStatus(message, "delivered");
        String exported = given().get("/q/metrics").asString();
        assertThat(MetricsReference.read().differences("delivery", exported)).isEmpty();
        assertThat(exported)
                .contains("carillon_delivery_lateness_seconds_bucket{le=\"1.0\"}")
                .contains("carillon_outbox_appended_total{type=\"carillon.delivery.delivered.v1\"}");
    }

    @Test
    void every_type_of_event_is_counted_before_there_is_one() {
        String exported = given().get("/q/metrics").asString();
        assertThat(EventContract.typesOf("carillon.delivery.")).isNotEmpty().allSatisfy(type -> assertThat(exported)
                .contains("carillon_outbox_appended_total{type=\"" + type + "\"}"));
    }

    private void awaitCalls(int number) {
        await().atMost(PATIENCE).until(() -> receiver.calls(path).size() >= number);
    }

    @Test
    void a_staged_message_is_accepted_and_called_at_its_instant_once_and_never_before() {
        var message = dueIn(Duration.ofSeconds(2));

        scheduler.stage(message);

        awaitTold(message, "accepted", "delivered");
        var call = receiver.calls(path);
        assertThat(call).singleElement().satisfies(one -> {
            assertThat(one.receivedAt()).isAfterOrEqualTo(message.dueAt());
            assertThat(one.webhookId()).isEqualTo(message.id().toString());
        });
        var delivered = database.told(message.id()).getLast().payload();
        assertThat(delivered.getString("status")).isEqualTo("delivered");
        assertThat(delivered.getInteger("generation")).isEqualTo(1);
        assertThat(delivered.getInteger("attempts")).isEqualTo(1);
        assertThat(delivered.getInstant("firedAt"))
                .isBetween(message.dueAt(), call.getFirst().receivedAt());
        assertThat(database.told(message.id()))
                .extracting(DeliveryDatabase.Told::version)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void a_connection_stands_before_the_instant_and_nothing_is_sent_over_it_until_then() {
        // On a machine that is busy an intent may be committed too late for that: not five times.
        boolean stood = false;
        for (int message = 0; message < 5 && !stood; message++) {
            stood = aNewReceiverIsConnectedToBeforeItsMessageIsDue();
        }
        assertThat(stood).isTrue();
    }

    private boolean aNewReceiverIsConnectedToBeforeItsMessageIsDue() {
        try (var fresh = Receiver.start()) {
            var dueAt = Instant.now().plusSeconds(2).truncatedTo(ChronoUnit.MICROS);
            var message = Staged.webhook(fresh.url(path), dueAt);
            scheduler.stage(message);
            awaitTold(message, "accepted", "delivered");
            assertThat(fresh.calls(path)).singleElement().satisfies(call -> assertThat(call.receivedAt())
                    .isAfterOrEqualTo(dueAt));
            return fresh.connectedAt().getFirst().isBefore(dueAt);
        }
    }

    @Test
    void the_same_staging_twice_is_one_delivery_and_its_state_is_told_again() {
        var message = dueIn(Duration.ofSeconds(4));

        scheduler.stage(message);
        scheduler.stage(message);

        awaitTold(message, "accepted", "accepted", "delivered");
        scheduler.stage(message);
        awaitTold(message, "accepted", "accepted", "delivered", "delivered");
        assertThat(receiver.calls(path)).hasSize(1);
    }

    @Test
    void an_attempt_that_could_not_be_called_in_time_is_none() {
        var message = dueIn(Duration.ofSeconds(2));
        scheduler.stage(message);
        await().pollInterval(Duration.ofMillis(5)).atMost(PATIENCE).until(() -> "in-flight"
                .equals(database.status(message.id())));

        // Every event loop stands still from before the instant until less than half of the call's time is left.
        var over = message.dueAt().plus(TIMEOUT.dividedBy(2)).plusMillis(200);
        stall(over);

        var view = awaitStatus(message, "delivered");
        awaitTold(message, "accepted", "delivered");
        assertThat(receiver.calls(path)).singleElement().satisfies(one -> assertThat(one.receivedAt())
                .isAfter(over));
        assertThat(view.getList("attempts.outcome")).containsExactly("delivered");
        assertThat(view.getBoolean("possiblyDelivered")).isFalse();
        assertThat(given().get("/q/metrics").asString())
                .contains("carillon_delivery_intents_withdrawn_total{channel=\"webhook\"}");
    }

    private void stall(Instant until) {
        var loops = StreamSupport.stream(vertx.nettyEventLoopGroup().spliterator(), false)
                .toList();
        var over = new CountDownLatch(1);
        loops.forEach(loop -> loop.execute(() -> {
            try {
                over.await();
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
            }
        }));
        await().atMost(PATIENCE).until(() -> Instant.now().isAfter(until));
        over.countDown();
    }

    @Test
    void what_fails_for_now_is_tried_again_with_the_same_key_until_it_arrives() {
        receiver.answering(path, 503, 200);
        var message = dueIn(Duration.ZERO);

        scheduler.stage(message);

        awaitTold(message, "accepted", "retry-scheduled", "delivered");
        assertThat(receiver.calls(path)).hasSize(2).allSatisfy(call -> assertThat(call.webhookId())
                .isEqualTo(message.id().toString()));
        assertThat(Duration.between(
                        receiver.calls(path).get(0).receivedAt(),
                        receiver.calls(path).get(1).receivedAt()))
                .isGreaterThan(Duration.ofMillis(400));
        var view = view(message);
        assertThat(view.getList("attempts.outcome")).containsExactly("transient", "delivered");
        assertThat(view.getList("attempts.providerStatus")).containsExactly(503, 200);
        assertThat(view.getList("attempts.traceId")).doesNotContainNull();
        assertThat(view.getString("attempts[0].nextAttemptAt")).isNotNull();
        assertThat(given().get("/q/metrics").asString())
                .contains(attempts("first", "transient"), attempts("retry", "delivered"));
    }

    private static String attempts(String which, String outcome) {
        return "carillon_delivery_attempts_total{attempt=\"%s\",channel=\"webhook\",outcome=\"%s\"} "
                .formatted(which, outcome);
    }

    @Test
    void what_is_refused_for_good_is_dead_after_one_attempt() {
        receiver.answering(path, 400);
        var message = dueIn(Duration.ZERO);

        scheduler.stage(message);

        awaitTold(message, "accepted", "dead-lettered");
        assertThat(receiver.calls(path)).hasSize(1);
        assertThat(view(message).getString("error")).contains("400");
    }

    @Test
    void what_fails_each_time_is_dead_after_its_last_attempt() {
        receiver.answering(path, 500);
        var message = dueIn(Duration.ZERO);

        scheduler.stage(message);

        awaitTold(message, "accepted", "retry-scheduled", "retry-scheduled", "dead-lettered");
        assertThat(receiver.calls(path)).hasSize(3);
        assertThat(view(message).getInt("attempts.size()")).isEqualTo(3);
    }

    @Test
    void expiresAt_ends_what_is_pending_and_what_waits_for_a_retry() {
        receiver.answering(path, 429);
        var soon = Instant.now().plusSeconds(5);
        var pending =
                Staged.webhook(receiver.url("/never"), soon.plusSeconds(600)).expiringAt(soon);
        var waiting = dueIn(Duration.ZERO).expiringAt(soon);

        scheduler.stage(pending);
        scheduler.stage(waiting);

        awaitTold(pending, "accepted", "expired");
        awaitTold(waiting, "accepted", "retry-scheduled", "expired");
        assertThat(Instant.parse(view(pending).getString("endedAt"))).isAfterOrEqualTo(soon);
        assertThat(receiver.calls(path)).hasSize(1);
        assertThat(receiver.calls("/never")).isEmpty();
    }

    @Test
    void a_recall_that_comes_before_its_staging_is_obeyed() {
        var message = dueIn(Duration.ofSeconds(1));

        scheduler.recall(message);
        scheduler.stage(message);

        awaitTold(message, "recalled", "recalled");
        awaitNothingComesAfter(message);
    }

    @Test
    void what_is_recalled_while_pending_is_not_attempted() {
        var message = dueIn(Duration.ofSeconds(5));

        scheduler.stage(message);
        scheduler.recall(message);

        awaitTold(message, "accepted", "recalled");
        awaitNothingComesAfter(message);
    }

    @Test
    void what_is_recalled_while_it_waits_for_a_retry_is_not_attempted_again() {
        receiver.answering(path, 429);
        var message = dueIn(Duration.ZERO);
        scheduler.stage(message);
        awaitTold(message, "accepted", "retry-scheduled");

        scheduler.recall(message);

        awaitTold(message, "accepted", "retry-scheduled", "recalled");
        awaitLaterMessageArrives();
        assertThat(receiver.calls(path)).hasSize(1);
        assertThat(view(message).getString("status")).isEqualTo("recalled");
    }

    @Test
    void a_recall_is_refused_while_a_call_is_open_and_its_result_counts() {
        var answer = new CompletableFuture<Integer>();
        receiver.answering(path, call -> answer);
        var message = dueIn(Duration.ZERO);
        scheduler.stage(message);
        awaitCalls(1);

        scheduler.recall(message);

        awaitTold(message, "accepted", "recall-refused");
        answer.complete(200);
        awaitTold(message, "accepted", "recall-refused", "delivered");
    }

    @Test
    void a_call_that_a_dead_node_left_open_is_unknown_repeated_with_the_same_key_and_shown_so() {
        var message = dueIn(Duration.ofSeconds(600));
        scheduler.stage(message);
        awaitTold(message, "accepted");

        leaveOpenAsADeadNodeWould(message);

        awaitTold(message, "accepted", "retry-scheduled", "delivered");
        assertThat(receiver.calls(path)).singleElement().satisfies(call -> assertThat(call.webhookId())
                .isEqualTo(message.id().toString()));
        var view = view(message);
        assertThat(view.getBoolean("possiblyDelivered")).isTrue();
        assertThat(view.getList("attempts.outcome")).containsExactly("unknown", "delivered");
        assertThat(database.told(message.id()).get(1).payload().getBoolean("possiblyDelivered"))
                .isTrue();
    }

    @Test
    void an_attempt_that_a_dead_node_left_open_takes_none_of_those_that_the_policy_gives() {
        receiver.answering(path, 500);
        var message = dueIn(Duration.ofSeconds(600));
        scheduler.stage(message);
        awaitTold(message, "accepted");

        leaveOpenAsDeadNodesWould(message, 1);

        awaitTold(message, "accepted", "retry-scheduled", "retry-scheduled", "retry-scheduled", "dead-lettered");
        assertThat(view(message).getList("attempts.outcome"))
                .containsExactly("unknown", "unknown", "transient", "transient", "transient");
        assertThat(receiver.calls(path))
                .extracting(Receiver.Call::webhookId)
                .hasSize(3)
                .containsOnly(message.id().toString());
    }

    @Test
    void what_five_nodes_have_died_at_is_dead_and_is_not_attempted_again() {
        var message = dueIn(Duration.ofSeconds(600));
        scheduler.stage(message);
        awaitTold(message, "accepted");

        leaveOpenAsDeadNodesWould(message, 4);

        awaitTold(message, "accepted", "dead-lettered");
        var view = view(message);
        assertThat(view.getList("attempts.outcome")).hasSize(5).containsOnly("unknown");
        assertThat(view.getBoolean("possiblyDelivered")).isTrue();
        assertThat(receiver.calls(path)).isEmpty();
    }

    @Test
    void a_success_that_is_known_late_is_recorded_and_wins() {
        var first = new CompletableFuture<Integer>();
        receiver.answering(path, call -> call == 1 ? first : CompletableFuture.completedFuture(503));
        var message = dueIn(Duration.ZERO);
        scheduler.stage(message);
        awaitCalls(1);

        letTheDeadlinePass(message);
        awaitCalls(2);
        first.complete(200);

        var view = awaitStatus(message, "delivered");
        assertThat(view.getString("attempts[0].outcome")).isEqualTo("delivered");
        assertThat(view.getBoolean("possiblyDelivered")).isTrue();
        assertThat(database.types(message.id())).endsWith("delivered");
    }

    @Test
    void the_deliveries_of_one_key_go_one_after_another_also_while_one_waits_for_a_retry() {
        var key = "key-" + UUID.randomUUID();
        receiver.answering(path, 503, 200);
        var due = Instant.now().plusSeconds(4).truncatedTo(ChronoUnit.MICROS);
        var first = Staged.webhook(receiver.url(path), due).withKey(key);
        var second = Staged.webhook(receiver.url(path), due.plusMillis(10)).withKey(key);
        var third = Staged.webhook(receiver.url(path), due.plusMillis(20)).withKey(key);
        var other = Staged.webhook(receiver.url(path + "/other"), due.plusMillis(10))
                .withKey("other-" + key);

        List.of(third, second, first, other).forEach(scheduler::stage);

        awaitTold(third, "accepted", "delivered");
        assertThat(receiver.calls(path))
                .extracting(Receiver.Call::webhookId)
                .containsExactly(
                        first.id().toString(),
                        first.id().toString(),
                        second.id().toString(),
                        third.id().toString());
        assertThat(receiver.calls(path + "/other")).singleElement().satisfies(call -> assertThat(call.receivedAt())
                .isBefore(receiver.calls(path).get(1).receivedAt()));
    }

    @Test
    void the_next_of_a_key_has_its_turn_when_the_one_before_it_is_recalled() {
        var key = "key-" + UUID.randomUUID();
        receiver.answering("/fails" + path, 503);
        var first = Staged.webhook(receiver.url("/fails" + path), Instant.now().plusSeconds(6))
                .withKey(key);
        var second = dueIn(Duration.ofSeconds(7)).withKey(key);
        scheduler.stage(first);
        scheduler.stage(second);
        awaitTold(second, "accepted");

        scheduler.recall(first);

        awaitTold(second, "accepted", "delivered");
        assertThat(receiver.calls("/fails" + path)).isEmpty();
        assertThat(receiver.calls(path).getFirst().receivedAt()).isAfterOrEqualTo(second.dueAt());
    }

    @Test
    void a_result_is_kept_while_the_database_is_away_and_its_call_is_not_repeated() {
        var answer = new CompletableFuture<Integer>();
        receiver.answering(path, call -> answer);
        var message = dueIn(Duration.ZERO);
        scheduler.stage(message);
        awaitCalls(1);

        database.goAway();
        answer.complete(200);
        var deadline = message.dueAt().plusSeconds(8);
        await().atMost(PATIENCE).until(() -> Instant.now().isAfter(deadline));
        database.comeBack();

        awaitTold(message, "accepted", "delivered");
        assertThat(receiver.calls(path)).hasSize(1);
        assertThat(view(message).getBoolean("possiblyDelivered")).isFalse();
    }

    @Test
    void mail_and_telegram_leave_at_their_instant_too() {
        try (var relay = new MailRelay(smtpPort);
                var bot = Receiver.startAt(telegram.getPort())) {
            var due = Instant.now().plusSeconds(1).truncatedTo(ChronoUnit.MICROS);
            var content = new JsonObject().put("subject", "Your blood test").put("text", "See you at 9.");
            var letter =
                    Staged.of(new JsonObject().put("channel", "email").put("address", "ana@example.org"), content, due);
            var chat = Staged.of(
                    new JsonObject().put("channel", "telegram").put("chatId", "42"),
                    new JsonObject().put("text", "See you at 9."),
                    due);
            var byItsOwnBot = Staged.of(
                            new JsonObject().put("channel", "telegram").put("chatId", "43"),
                            new JsonObject().put("text", "See you at 10."),
                            due)
                    .of(ShortWaits.WITH_A_BOT);

            scheduler.stage(letter);
            scheduler.stage(chat);
            scheduler.stage(byItsOwnBot);

            awaitTold(letter, "accepted", "delivered");
            awaitTold(chat, "accepted", "delivered");
            awaitTold(byItsOwnBot, "accepted", "delivered");
            assertThat(relay.letters()).singleElement().satisfies(one -> {
                assertThat(one.to()).isEqualTo("ana@example.org");
                assertThat(one.text()).contains("Your blood test");
            });
            assertThat(bot.calls("/bot1:test/sendMessage")).singleElement().satisfies(call -> {
                assertThat(call.receivedAt()).isAfterOrEqualTo(due);
                assertThat(new JsonObject(call.body()).getLong("chat_id")).isEqualTo(42L);
            });
            assertThat(bot.calls("/bot2:test/sendMessage")).singleElement().satisfies(call -> assertThat(
                            new JsonObject(call.body()).getLong("chat_id"))
                    .isEqualTo(43L));
        }
    }

    private void awaitNothingComesAfter(Staged message) {
        awaitLaterMessageArrives();
        await().atMost(PATIENCE)
                .until(() -> Instant.now().isAfter(message.dueAt().plusMillis(500)));
        assertThat(receiver.calls(path)).isEmpty();
    }

    /** Whatever was due before this one has had its chance. */
    private void awaitLaterMessageArrives() {
        var later = Staged.webhook(receiver.url("/later" + path), Instant.now().plusSeconds(2));
        scheduler.stage(later);
        await().atMost(PATIENCE).until(() -> !receiver.calls("/later" + path).isEmpty());
    }

    private void leaveOpenAsADeadNodeWould(Staged message) {
        leaveOpenAsDeadNodesWould(message, 0);
    }

    /** @param before how many nodes have died at attempts before the one that is left open */
    private void leaveOpenAsDeadNodesWould(Staged message, int before) {
        database.execute(
                "WITH dead AS (INSERT INTO timer_node (name, expires_at) VALUES ('dead', clock_timestamp() - interval '9 s') RETURNING id),"
                        + " open AS (UPDATE delivery SET status = 'in-flight', attempts = ?, possibly_delivered = ?, version = version + 1,"
                        + " attempt_at = clock_timestamp() - interval '10 s' WHERE message_id = ? RETURNING id, attempt_at, attempts),"
                        + " attempt AS (INSERT INTO attempt (delivery_id, number, started_at, outcome)"
                        + " SELECT id, n, attempt_at, CASE WHEN n < attempts THEN 'unknown' END FROM open, generate_series(1, attempts) AS n)"
                        + " UPDATE timer t SET due_at = clock_timestamp(), version = t.version + 1, claimed_by = dead.id"
                        + " FROM open, dead WHERE t.id = open.id",
                before + 1,
                before > 0,
                message.id());
    }

    private void letTheDeadlinePass(Staged message) {
        database.execute(
                "WITH open AS (UPDATE delivery SET attempt_at = attempt_at - interval '60 s' WHERE message_id = ? RETURNING id)"
                        + " UPDATE timer t SET due_at = clock_timestamp(), version = t.version + 1, claimed_by = NULL"
                        + " FROM open WHERE t.id = open.id",
                message.id());
    }
}

package dev.carillon.delivery.attempt;

import static dev.carillon.delivery.support.AttemptFixture.PATIENCE;
import static dev.carillon.delivery.support.AttemptFixture.awaitStatus;
import static dev.carillon.delivery.support.AttemptFixture.view;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.delivery.support.AttemptFixture;
import dev.carillon.delivery.support.DeliveryDatabase;
import dev.carillon.delivery.support.MailRelay;
import dev.carillon.delivery.support.Receiver;
import dev.carillon.delivery.support.SchedulerTopic;
import dev.carillon.delivery.support.ShortWaits;
import dev.carillon.delivery.support.Staged;
import dev.carillon.kit.testing.contract.EventContract;
import dev.carillon.kit.testing.metrics.MetricsReference;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
    private static final Duration TIMEOUT = Duration.ofSeconds(6);

    @Inject
    Vertx vertx;

    @ConfigProperty(name = "carillon.smtp.port")
    int smtpPort;

    @ConfigProperty(name = "carillon.telegram.base-url")
    URI telegram = URI.create("");

    private final AttemptFixture on = new AttemptFixture();
    private final DeliveryDatabase database = on.database;
    private final Receiver receiver = on.receiver;
    private final String path = on.path;
    private final SchedulerTopic scheduler = on.scheduler;

    @AfterEach
    void disconnect() {
        on.close();
    }

    @Test
    void metrics_are_those_that_are_written_down_and_count_exactly_what_is_a_second_late() {
        var message = on.dueIn(Duration.ofSeconds(1));
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

    @Test
    void a_staged_message_is_accepted_and_called_at_its_instant_once_and_never_before() {
        var message = on.dueIn(Duration.ofSeconds(2));

        scheduler.stage(message);

        on.awaitTold(message, "accepted", "delivered");
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
            on.awaitTold(message, "accepted", "delivered");
            assertThat(fresh.calls(path)).singleElement().satisfies(call -> assertThat(call.receivedAt())
                    .isAfterOrEqualTo(dueAt));
            return fresh.connectedAt().getFirst().isBefore(dueAt);
        }
    }

    @Test
    void the_same_staging_twice_is_one_delivery_and_its_state_is_told_again() {
        var message = on.dueIn(Duration.ofSeconds(4));

        scheduler.stage(message);
        scheduler.stage(message);

        on.awaitTold(message, "accepted", "accepted", "delivered");
        scheduler.stage(message);
        on.awaitTold(message, "accepted", "accepted", "delivered", "delivered");
        assertThat(receiver.calls(path)).hasSize(1);
    }

    @Test
    void an_attempt_that_could_not_be_called_in_time_is_none() {
        var message = on.dueIn(Duration.ofSeconds(2));
        scheduler.stage(message);
        await().pollInterval(Duration.ofMillis(5)).atMost(PATIENCE).until(() -> "in-flight"
                .equals(database.status(message.id())));

        // Every event loop stands still from before the instant until less than half of the call's time is left.
        var over = message.dueAt().plus(TIMEOUT.dividedBy(2)).plusMillis(200);
        stall(over);

        var view = awaitStatus(message, "delivered");
        on.awaitTold(message, "accepted", "delivered");
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
        var message = on.dueIn(Duration.ZERO);

        scheduler.stage(message);

        on.awaitTold(message, "accepted", "retry-scheduled", "delivered");
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
        var message = on.dueIn(Duration.ZERO);

        scheduler.stage(message);

        on.awaitTold(message, "accepted", "dead-lettered");
        assertThat(receiver.calls(path)).hasSize(1);
        assertThat(view(message).getString("error")).contains("400");
    }

    @Test
    void what_fails_each_time_is_dead_after_its_last_attempt() {
        receiver.answering(path, 500);
        var message = on.dueIn(Duration.ZERO);

        scheduler.stage(message);

        on.awaitTold(message, "accepted", "retry-scheduled", "retry-scheduled", "dead-lettered");
        assertThat(receiver.calls(path)).hasSize(3);
        assertThat(view(message).getInt("attempts.size()")).isEqualTo(3);
    }

    @Test
    void expiresAt_ends_what_is_pending_and_what_waits_for_a_retry() {
        receiver.answering(path, 429);
        var soon = Instant.now().plusSeconds(5);
        var pending =
                Staged.webhook(receiver.url("/never"), soon.plusSeconds(600)).expiringAt(soon);
        var waiting = on.dueIn(Duration.ZERO).expiringAt(soon);

        scheduler.stage(pending);
        scheduler.stage(waiting);

        on.awaitTold(pending, "accepted", "expired");
        on.awaitTold(waiting, "accepted", "retry-scheduled", "expired");
        assertThat(Instant.parse(view(pending).getString("endedAt"))).isAfterOrEqualTo(soon);
        assertThat(receiver.calls(path)).hasSize(1);
        assertThat(receiver.calls("/never")).isEmpty();
    }

    @Test
    void a_result_is_kept_while_the_database_is_away_and_its_call_is_not_repeated() {
        var answer = new CompletableFuture<Integer>();
        receiver.answering(path, call -> answer);
        var message = on.dueIn(Duration.ZERO);
        scheduler.stage(message);
        on.awaitCalls(1);

        database.goAway();
        answer.complete(200);
        var deadline = message.dueAt().plusSeconds(8);
        await().atMost(PATIENCE).until(() -> Instant.now().isAfter(deadline));
        database.comeBack();

        on.awaitTold(message, "accepted", "delivered");
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

            on.awaitTold(letter, "accepted", "delivered");
            on.awaitTold(chat, "accepted", "delivered");
            on.awaitTold(byItsOwnBot, "accepted", "delivered");
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
}

package dev.carillon.scheduler.message.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.quarkus.Outbox;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.scheduler.message.DeliveryNews;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.message.usecase.ApplyDeliveryNews;
import dev.carillon.scheduler.message.usecase.Staging;
import dev.carillon.scheduler.recurrence.store.ScheduleStore;
import dev.carillon.scheduler.recurrence.usecase.RunSchedules;
import dev.carillon.scheduler.support.Bodies;
import dev.carillon.scheduler.support.Delivery;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(Surroundings.class)
class FailureNoticeQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String SOON = "{\"in\":\"PT10S\"}";
    private static final String WEBHOOK =
            ",\"orderingKey\":\"k\",\"metadata\":{\"visit\":\"7\"},\"onFailure\":{\"channel\":\"webhook\",\"url\":\"https://ops.example.org/hooks\"}";
    private static final String EMAIL = ",\"onFailure\":{\"channel\":\"email\",\"address\":\"ops@example.org\"}";
    private static final String TELEGRAM = ",\"onFailure\":{\"channel\":\"telegram\",\"chatId\":\"42\"}";

    private final String tenant = "acme-" + UUID.randomUUID();
    private final Api api = Api.of(tenant);
    private final Delivery delivery = new Delivery();

    @Inject
    Transactions transactions;

    @Inject
    ApplyDeliveryNews applyDeliveryNews;

    @Inject
    MessageStore messages;

    @Inject
    ScheduleStore schedules;

    @Inject
    RunSchedules runSchedules;

    @Inject
    Staging staging;

    @AfterEach
    void close() {
        delivery.close();
    }

    private String staged(String more) {
        return api.post("/v1/messages", Bodies.email(SOON, more)).expect(201).at("/id");
    }

    private JsonNode notices(String id) {
        return api.get("/v1/messages?source=failure:" + id).expect(200).json().at("/items");
    }

    private JsonNode awaitNotices(String id, int count) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(notices(id)).hasSize(count));
        return notices(id).get(0);
    }

    private void awaitStatus(String id, String status) {
        await().atMost(PATIENCE)
                .until(() -> api.get("/v1/messages/" + id).at("/status").equals(status));
    }

    private static DeliveryNews news(String id, long version, DeliveryNews.Kind kind) {
        return new DeliveryNews(
                UUID.fromString(id),
                1,
                version,
                kind,
                UUID.randomUUID(),
                Instant.now().truncatedTo(ChronoUnit.MICROS),
                3,
                false,
                Instant.now().truncatedTo(ChronoUnit.MICROS),
                null,
                "HTTP 503");
    }

    private void apply(DeliveryNews... news) {
        transactions
                .inTransaction(tx -> applyDeliveryNews.apply(tx, List.of(news)))
                .await()
                .atMost(PATIENCE);
    }

    @Test
    void a_webhook_is_told_at_once_what_failed_and_why_in_the_trace_of_what_failed() {
        var id = staged(WEBHOOK);
        apply(news(id, 3, DeliveryNews.Kind.DEAD_LETTERED));
        var notice = awaitNotices(id, 1);
        var failed = api.get("/v1/messages/" + id).json();
        assertThat(notice.at("/status").asText()).isEqualTo("staged");
        assertThat(notice.at("/to/url").asText()).isEqualTo("https://ops.example.org/hooks");
        assertThat(notice.at("/source")).hasToString("{\"type\":\"failure\",\"id\":\"" + id + "\"}");
        assertThat(notice.has("onFailure")).isFalse();
        assertThat(notice.at("/traceId")).isEqualTo(failed.at("/traceId"));
        var said = notice.at("/content/json");
        assertThat(said.at("/type").asText()).isEqualTo("message.failed");
        assertThat(said.at("/data/messageId").asText()).isEqualTo(id);
        assertThat(said.at("/data/error").asText()).isEqualTo("HTTP 503");
        assertThat(said.at("/data/attempts").asInt()).isEqualTo(3);
        assertThat(said.at("/data/to/address").asText()).isEqualTo("ana@example.org");
        assertThat(said.at("/data/orderingKey").asText()).isEqualTo("k");
        assertThat(said.at("/data/metadata")).hasToString("{\"visit\":\"7\"}");
        assertThat(said.at("/data/traceId")).isEqualTo(failed.at("/traceId"));
        assertThat(said.at("/data/endedAt")).isEqualTo(failed.at("/endedAt"));
        assertThat(Outbox.typesAbout(notice.at("/id").asText())).containsExactly("carillon.message.staged.v1");
    }

    @Test
    void people_are_told_in_words_of_what_failed_or_expired() {
        var failed = staged(EMAIL);
        delivery.says("dead-lettered", failed, 3, 2);
        var email = awaitNotices(failed, 1);
        assertThat(email.at("/content/subject").asText()).isEqualTo("Message " + failed + " failed");
        assertThat(email.at("/content/text").asText()).contains("failed after 2 attempts");
        var expired = staged(TELEGRAM);
        delivery.says("expired", expired, 3, 0);
        var telegram = awaitNotices(expired, 1);
        assertThat(telegram.at("/content/text").asText()).contains("expired after 0 attempts");
        assertThat(telegram.at("/content").has("subject")).isFalse();
    }

    @Test
    void each_end_is_told_once_however_often_its_news_come_and_a_notice_that_fails_is_told_to_nobody() {
        var id = staged(EMAIL);
        var event = delivery.says("dead-lettered", id, 3, 3);
        var notice = awaitNotices(id, 1).at("/id").asText();
        delivery.send(
                event,
                "dead-lettered",
                id,
                3,
                "{\"messageId\":\"%s\",\"generation\":1,\"deliveryId\":\"%s\"}".formatted(id, UUID.randomUUID()));
        delivery.says("dead-lettered", id, 3, 3);
        apply(news(id, 3, DeliveryNews.Kind.DEAD_LETTERED));
        delivery.says("redriven", id, 4, 3);
        awaitStatus(id, "delivering");
        assertThat(notices(id)).hasSize(1);

        delivery.says("dead-lettered", id, 5, 4);
        awaitNotices(id, 2);

        delivery.says("dead-lettered", notice, 3, 3);
        awaitStatus(notice, "failed");
        assertThat(notices(notice)).isEmpty();
    }

    @Test
    void two_ends_that_are_read_at_once_are_told_of_each() {
        var id = staged(EMAIL);
        apply(
                news(id, 3, DeliveryNews.Kind.DEAD_LETTERED),
                news(id, 4, DeliveryNews.Kind.REDRIVEN),
                news(id, 5, DeliveryNews.Kind.EXPIRED));
        assertThat(notices(id)).hasSize(2);
    }

    @Test
    void an_end_that_was_told_stays_told_even_for_one_that_has_forgotten_that_it_ended() {
        var id = staged(EMAIL);
        var before = messages.find(tenant, UUID.fromString(id))
                .await()
                .atMost(PATIENCE)
                .orElseThrow();
        apply(news(id, 3, DeliveryNews.Kind.DEAD_LETTERED));
        assertThat(notices(id)).hasSize(1);
        transactions
                .inTransaction(tx -> messages.save(tx, List.of(before.message())))
                .await()
                .atMost(PATIENCE);
        apply(news(id, 3, DeliveryNews.Kind.DEAD_LETTERED));
        awaitStatus(id, "failed");
        assertThat(notices(id)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"delivered", "recalled", "held", "retry-scheduled"})
    void nobody_is_told_of_what_is_no_failure(String kind) {
        var id = staged(EMAIL);
        if (kind.equals("recalled")) {
            api.post("/v1/messages/" + id + "/cancel").expect(202);
        }
        delivery.says(kind, id, 3, 1);
        await().atMost(PATIENCE)
                .until(() -> !api.get("/v1/messages/" + id).at("/deliveryId").isEmpty());
        assertThat(notices(id)).isEmpty();
    }

    @Test
    void the_messages_of_batches_and_schedules_are_no_exception() {
        var batch = api.post("/v1/messages/batch", "{\"items\":[" + Bodies.email(SOON, EMAIL) + "]}")
                .expect(200)
                .at("/results/0/message/id");
        var schedule =
                api.post("/v1/schedules", """
                        {"rrule":"FREQ=YEARLY","zone":"UTC","startAt":"2035-05-01T09:00",
                         "message":{"to":{"channel":"email","address":"ana@example.org"},"content":{"text":"t"}%s}}""".formatted(EMAIL)).expect(201).at("/id");
        runAhead(schedule);
        var run = api.get("/v1/messages?scheduleId=" + schedule).at("/items/0/id");
        api.patch("/v1/messages/" + run, "{\"schedule\":{\"now\":true}}").expect(200);
        for (var id : List.of(batch, run)) {
            delivery.says("dead-lettered", id, 3, 3);
            awaitNotices(id, 1);
        }
    }

    private void runAhead(String schedule) {
        var now = staging.now();
        transactions
                .inTransaction(tx -> schedules
                        .lock(tx, List.of(UUID.fromString(schedule)))
                        .chain(found -> runSchedules.run(tx, found, now, Instant.parse("2035-12-31T00:00:00Z"))))
                .await()
                .atMost(PATIENCE);
    }
}

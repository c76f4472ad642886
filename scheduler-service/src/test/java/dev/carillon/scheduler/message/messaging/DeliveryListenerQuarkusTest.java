package dev.carillon.scheduler.message.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.testing.contract.EventContract;
import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.testing.quarkus.Outbox;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.scheduler.message.DeliveryNews;
import dev.carillon.scheduler.message.usecase.ApplyDeliveryNews;
import dev.carillon.scheduler.support.Bodies;
import dev.carillon.scheduler.support.DeadLetterTopic;
import dev.carillon.scheduler.support.Delivery;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(Surroundings.class)
class DeliveryListenerQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Api api = Api.of("acme-" + UUID.randomUUID());
    private final Delivery delivery = new Delivery();

    @Inject
    Transactions transactions;

    @Inject
    ApplyDeliveryNews applyDeliveryNews;

    @AfterEach
    void close() {
        delivery.close();
    }

    @ParameterizedTest(name = "{0} makes it {1}")
    @CsvSource({
        "retry-scheduled, delivering, false",
        "held, held, true",
        "delivered, delivered, true",
        "dead-lettered, failed, true",
        "expired, expired, true"
    })
    void what_delivery_reports_is_the_messages_status_and_others_are_told_of_what_concerns_them(
            String kind, String status, boolean told) {
        var id = staged();
        delivery.says(kind, id, 3, 1);
        awaitStatus(id, status);
        var shown = api.get("/v1/messages/" + id);
        assertThat(shown.at("/attempts")).isEqualTo("1");
        assertThat(shown.at("/deliveryId")).isNotBlank();
        assertThat(shown.at("/firedAt")).isEqualTo("2026-01-01T00:00:00.250Z");
        assertThat(Outbox.typesAbout(id).contains("carillon.message." + status + ".v1"))
                .isEqualTo(told);
    }

    @ParameterizedTest(name = "{0} makes it {1}")
    @CsvSource({
        "accepted, staged",
        "retry-scheduled, delivering",
        "held, held",
        "delivered, delivered",
        "dead-lettered, failed",
        "expired, expired",
        "recalled, staged",
        "recall-refused, staged",
        "redriven, delivering"
    })
    void the_least_that_the_contract_lets_delivery_say_is_understood(String kind, String status) {
        var id = staged();
        var deliveryId = UUID.randomUUID().toString();
        var payload = EventContract.of("carillon.delivery." + kind + ".v1")
                .smallest(Map.of("/messageId", id, "/deliveryId", deliveryId));
        delivery.says(kind, id, 3, payload);
        await().atMost(PATIENCE)
                .until(() -> api.get("/v1/messages/" + id).at("/deliveryId").equals(deliveryId));
        awaitStatus(id, status);
    }

    @Test
    void news_that_come_late_or_twice_never_undo_newer_ones() {
        var id = staged();
        delivery.says("delivered", id, 5, 2);
        delivery.says("retry-scheduled", id, 4, 1);
        delivery.says("delivered", id, 5, 2);
        // Read after the ones above, which are of the same partition.
        delivery.says("redriven", id, 6, 2);
        awaitStatus(id, "delivering");
        assertThat(Outbox.typesAbout(id)).containsOnlyOnce("carillon.message.delivered.v1");
    }

    @Test
    void a_report_that_cannot_be_read_becomes_a_dead_letter_and_those_after_it_are_applied() {
        var id = staged();
        var poison = delivery.says("delivered", id, 3, "{\"messageId\":\"no uuid\"");
        delivery.says("carrier-pigeon-sent", id, 4, "{}");
        delivery.says("delivered", id, 5, 1);
        awaitStatus(id, "delivered");

        var letter = DeadLetterTopic.letterOf("carillon.delivery.events.v1.scheduler.dlq", poison);
        assertThat(letter.key()).isEqualTo(id);
        assertThat(new String(letter.value(), UTF_8)).isEqualTo("{\"messageId\":\"no uuid\"");
        assertThat(DeadLetterTopic.header(letter, "x-carillon-dlq-topic")).isEqualTo("carillon.delivery.events.v1");
        assertThat(DeadLetterTopic.header(letter, "x-carillon-dlq-error")).contains("not readable");
        assertThat(DeadLetterTopic.header(letter, "x-carillon-dlq-offset")).matches("\\d+");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"generation\":1,\"messageId\":null,\"deliveryId\":\"0197c0de-0000-7000-8000-000000000000\"}",
                "{\"generation\":1,\"deliveryId\":null,\"messageId\":\"0197c0de-0000-7000-8000-000000000000\"}",
                "null"
            })
    void a_report_that_does_not_say_of_whom_becomes_a_dead_letter(String payload) {
        var nameless = delivery.says("delivered", UUID.randomUUID().toString(), 3, payload);
        var letter = DeadLetterTopic.letterOf("carillon.delivery.events.v1.scheduler.dlq", nameless);
        assertThat(DeadLetterTopic.header(letter, "x-carillon-dlq-error")).contains("UnreadableEvent");
    }

    @Test
    void a_failure_after_a_redrive_is_told_again_even_when_both_are_read_at_once() {
        var id = staged();
        delivery.says("dead-lettered", id, 3, 3);
        awaitStatus(id, "failed");
        var batch = List.of(news(id, 4, DeliveryNews.Kind.REDRIVEN), news(id, 5, DeliveryNews.Kind.DEAD_LETTERED));
        transactions
                .inTransaction(tx -> applyDeliveryNews.apply(tx, batch))
                .await()
                .atMost(PATIENCE);
        assertThat(Outbox.typesAbout(id))
                .filteredOn("carillon.message.failed.v1"::equals)
                .hasSize(2);
    }

    private static DeliveryNews news(String id, long version, DeliveryNews.Kind kind) {
        return new DeliveryNews(
                UUID.fromString(id),
                1,
                version,
                kind,
                UUID.randomUUID(),
                Instant.now(),
                3,
                false,
                Instant.now(),
                null,
                null);
    }

    @Test
    void a_report_about_a_message_that_is_not_here_is_ignored() {
        delivery.says("delivered", UUID.randomUUID().toString(), 1, 1);
        var id = staged();
        delivery.says("delivered", id, 1, 1);
        awaitStatus(id, "delivered");
    }

    private String staged() {
        return api.post("/v1/messages", Bodies.nearEmail()).expect(201).at("/id");
    }

    private void awaitStatus(String id, String status) {
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(api.get("/v1/messages/" + id).at("/status")).isEqualTo(status));
    }
}

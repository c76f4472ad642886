package dev.carillon.delivery.attempt.usecase;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.delivery.attempt.AttemptResult;
import dev.carillon.delivery.attempt.AttemptResult.Outcome;
import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.RetryPolicies;
import dev.carillon.delivery.attempt.messaging.DeliveryEvents;
import dev.carillon.delivery.attempt.store.StoredDelivery;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.testing.log.LogLines;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryLogTest {
    private static final String CATEGORY = "carillon.deliveries";
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final TraceContext CONTEXT = TraceContext.of(TRACE, "b7ad6b7169203331");
    private static final Instant DUE = Instant.parse("2026-11-27T09:00:00Z");
    private static final Duration TOOK = Duration.ofMillis(20);

    private final Delivery inFlight = Delivery.pending(
                    UUID.randomUUID(), "acme", UUID.randomUUID(), 1, "webhook", DUE, null, null)
            .inFlight(DUE);

    @Test
    void a_dead_letter_leaves_a_line_that_says_why_and_nothing_of_what_the_provider_said() {
        try (var log = LogLines.at(Level.INFO, CATEGORY)) {
            ended(Outcome.PERMANENT, Reason.REJECTED).log();

            assertThat(log.lines()).singleElement().satisfies(line -> {
                assertThat(line.level()).isEqualTo("INFO");
                assertThat(line.text())
                        .isEqualTo("Attempt 1 of delivery %s: permanent, rejected; the delivery is dead"
                                .formatted(inFlight.id()));
                assertThat(line.fields())
                        .containsEntry("deliveryId", inFlight.id().toString())
                        .containsEntry("messageId", inFlight.messageId().toString())
                        .containsEntry("tenant", "acme")
                        .containsEntry("channel", "webhook")
                        .containsEntry("attempt", "1")
                        .containsEntry("outcome", "permanent")
                        .containsEntry("reason", "rejected")
                        .containsEntry("providerStatus", "400")
                        .containsEntry("durationMs", "20")
                        .containsEntry("status", "dead")
                        .containsEntry("traceId", TRACE);
                assertThat(line.toString()).doesNotContain("ana@example.org");
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"REDIRECTED, redirected", "DESTINATION_REFUSED, destination-refused"})
    void a_webhook_that_leads_where_nothing_goes_leaves_a_line_for_each_delivery(Reason reason, String slug) {
        try (var log = LogLines.at(Level.INFO, CATEGORY)) {
            ended(Outcome.PERMANENT, reason).log();
            ended(Outcome.PERMANENT, reason).log();

            assertThat(log.lines()).hasSize(2).allSatisfy(line -> {
                assertThat(line.level()).isEqualTo("INFO");
                assertThat(line.text())
                        .isEqualTo("Attempt 1 of delivery %s: permanent, %s; the delivery is dead"
                                .formatted(inFlight.id(), slug));
                assertThat(line.fields())
                        .containsEntry("deliveryId", inFlight.id().toString())
                        .containsEntry("tenant", "acme")
                        .containsEntry("reason", slug)
                        .containsEntry("status", "dead")
                        .containsEntry("traceId", TRACE);
            });
        }
    }

    @Test
    void an_attempt_that_is_made_again_or_has_delivered_is_told_to_who_asks() {
        try (var log = LogLines.at(Level.INFO, CATEGORY)) {
            ended(Outcome.TRANSIENT, Reason.PROVIDER_FAILED).log();
            ended(Outcome.DELIVERED, null).log();
            assertThat(log.lines()).isEmpty();
        }
        try (var log = LogLines.at(Level.FINE, CATEGORY)) {
            ended(Outcome.TRANSIENT, Reason.PROVIDER_FAILED).log();
            ended(Outcome.DELIVERED, null).log();

            assertThat(log.lines()).hasSize(2).allSatisfy(line -> assertThat(line.level())
                    .isEqualTo("DEBUG"));
            assertThat(log.lines().getFirst().fields())
                    .containsEntry("status", "waiting")
                    .containsKey("retryAt");
            assertThat(log.lines().getLast().fields())
                    .containsEntry("status", "delivered")
                    .doesNotContainKeys("retryAt", "reason");
        }
    }

    @Test
    void one_that_is_held_or_expires_without_an_attempt_leaves_a_line() {
        var pending = Delivery.pending(
                UUID.randomUUID(), "acme", UUID.randomUUID(), 1, "webhook", DUE, DUE.plusSeconds(1), null);
        try (var log = LogLines.at(Level.INFO, CATEGORY)) {
            DeliveryLog.notAttempted(new StoredDelivery(pending.held(DUE, Duration.ofDays(1)), CONTEXT));
            DeliveryLog.notAttempted(new StoredDelivery(pending.expired(DUE.plusSeconds(2)), CONTEXT));

            assertThat(log.lines())
                    .extracting(line -> line.fields().get("status"))
                    .containsExactly("held", "expired");
            assertThat(log.lines()).allSatisfy(line -> assertThat(line.fields())
                    .containsEntry("deliveryId", pending.id().toString())
                    .containsEntry("traceId", TRACE));
        }
    }

    private ResultChanges ended(Outcome outcome, @Nullable Reason reason) {
        var changes = new ResultChanges(
                List.of(new StoredDelivery(inFlight, CONTEXT)),
                RetryPolicies.parse(List.of("PT4M±25", "PT11M±10"), Map.of(), List.of("webhook")),
                new DeliveryEvents(
                        new EventIds(), JsonMapper.builder().findAndAddModules().build()),
                DUE.plusSeconds(1),
                () -> 0.5);
        var call = new AttemptResult.Call(inFlight.id(), 1, DUE, TOOK, TRACE, "b7ad6b7169203331");
        changes.add(new EndedCall(
                new AttemptResult(
                        call,
                        outcome,
                        reason == null ? null : reason.slug(),
                        reason == null ? 200 : 400,
                        "ana@example.org is not known",
                        "ana@example.org is not known",
                        null,
                        false),
                CONTEXT,
                null));
        return changes;
    }
}

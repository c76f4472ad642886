package dev.carillon.delivery.attempt.usecase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.delivery.attempt.AttemptResult;
import dev.carillon.delivery.attempt.AttemptResult.Outcome;
import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.RetryPolicies;
import dev.carillon.delivery.attempt.messaging.DeliveryEvents;
import dev.carillon.delivery.attempt.store.DeliveryStore;
import dev.carillon.delivery.attempt.store.StoredDelivery;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.endpoint.FailurePolicy;
import dev.carillon.delivery.endpoint.usecase.EndpointHealth;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.telemetry.TraceContext;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResultChangesTest {
    private static final Instant DUE = Instant.parse("2026-11-27T09:00:00Z");
    private static final EndpointHealth.Called CALLED =
            new EndpointHealth.Called(new UUID(1, 1), URI.create("https://example.org/hooks"));

    private final DeliveryEvents events = new DeliveryEvents(
            new EventIds(), JsonMapper.builder().findAndAddModules().build());
    private final Delivery inFlight = inFlight("webhook");

    private static Delivery inFlight(String channel) {
        return Delivery.pending(UUID.randomUUID(), "acme", UUID.randomUUID(), 1, channel, DUE, null, null)
                .inFlight(DUE);
    }

    private static RetryPolicies policies() {
        return RetryPolicies.parse(
                List.of("PT4M±25", "PT11M±10"),
                Map.of("email", List.of("PT1H")),
                List.of("email", "telegram", "webhook"));
    }

    private ResultChanges changesOf(Delivery delivery) {
        return new ResultChanges(
                List.of(new StoredDelivery(delivery, TraceContext.NONE)),
                policies(),
                events,
                DUE.plusSeconds(1),
                () -> 0.5);
    }

    private EndedCall ended(Outcome outcome, @Nullable Reason reason) {
        return ended(inFlight, outcome, reason);
    }

    private static EndedCall ended(Delivery delivery, Outcome outcome, @Nullable Reason reason) {
        var call = new AttemptResult.Call(delivery.id(), delivery.attempts(), DUE, Duration.ofMillis(20), null, null);
        var slug = reason == null ? null : reason.slug();
        return new EndedCall(
                new AttemptResult(call, outcome, slug, null, null, null, null, false), TraceContext.NONE, CALLED);
    }

    @Test
    void an_attempt_says_about_its_endpoint_what_came_of_it() {
        var changes = changesOf(inFlight);
        changes.add(ended(Outcome.TRANSIENT, Reason.PROVIDER_FAILED));
        assertThat(changes.attempted())
                .extracting(EndpointHealth.Attempted::called, EndpointHealth.Attempted::outcome)
                .containsExactly(tuple(CALLED, FailurePolicy.Attempts.FAILED));
    }

    @Test
    void a_result_that_was_recorded_at_its_deadline_counts_for_its_endpoint_once() {
        var failed = ended(Outcome.TRANSIENT, Reason.PROVIDER_FAILED);
        var atTheDeadline = changesOf(inFlight);
        atTheDeadline.add(failed);

        var afterwards = changesOf(atTheDeadline.saved().getFirst());
        afterwards.add(failed);

        assertThat(atTheDeadline.attempted()).hasSize(1);
        assertThat(afterwards.attempted()).isEmpty();
        assertThat(afterwards.recorded()).as("kept with its attempt").hasSize(1);
        assertThat(afterwards.saved()).isEmpty();
        assertThat(afterwards.told()).isEmpty();
    }

    @Test
    void what_is_known_too_late_says_nothing_about_an_endpoint_but_that_it_delivered() {
        var unknown = changesOf(inFlight);
        unknown.add(new EndedCall(AttemptResult.unknown(inFlight), TraceContext.NONE, null));
        var waiting = unknown.saved().getFirst();

        var gone = changesOf(waiting);
        gone.add(ended(Outcome.PERMANENT, Reason.DESTINATION_GONE));
        var delivered = changesOf(waiting);
        delivered.add(ended(Outcome.DELIVERED, null));

        assertThat(unknown.attempted()).isEmpty();
        assertThat(gone.attempted()).isEmpty();
        assertThat(delivered.attempted())
                .extracting(EndpointHealth.Attempted::outcome)
                .containsExactly(FailurePolicy.Attempts.DELIVERED);
    }

    @Test
    void each_channel_waits_as_its_own_policy_says() {
        var email = inFlight("email");
        var ofEmail = changesOf(email);
        ofEmail.add(ended(email, Outcome.TRANSIENT, Reason.PROVIDER_FAILED));
        var ofWebhook = changesOf(inFlight);
        ofWebhook.add(ended(Outcome.TRANSIENT, Reason.PROVIDER_FAILED));

        assertThat(ofEmail.saved().getFirst().attemptAt())
                .isEqualTo(DUE.plusSeconds(1).plus(Duration.ofHours(1)));
        assertThat(ofWebhook.saved().getFirst().attemptAt())
                .isEqualTo(DUE.plusSeconds(1).plus(Duration.ofMinutes(4)));
    }

    @Test
    void an_intent_that_no_call_followed_leaves_the_delivery_as_it_was_and_due_and_nobody_is_told() {
        var changes = changesOf(inFlight);
        changes.add(NotCalled.of(inFlight, DeliveryStatus.PENDING));

        var again = changes.saved().getFirst();
        assertThat(again.status()).isEqualTo(DeliveryStatus.PENDING);
        assertThat(again.attempts()).isZero();
        assertThat(again.attemptAt()).isEqualTo(DUE.plusSeconds(1));
        assertThat(again.possiblyDelivered()).isFalse();
        assertThat(again.version()).isGreaterThan(inFlight.version());
        assertThat(changes.withdrawn()).containsExactly(new DeliveryStore.AttemptId(inFlight.id(), 1));
        assertThat(changes.recorded()).isEmpty();
        assertThat(changes.told()).isEmpty();
        assertThat(changes.attempted()).isEmpty();
    }

    @Test
    void an_attempt_that_is_to_pause_begins_anew_after_that() {
        var changes = changesOf(inFlight);
        changes.add(NotCalled.of(inFlight, DeliveryStatus.PENDING, Duration.ofSeconds(7)));

        var again = changes.saved().getFirst();
        assertThat(again.status()).isEqualTo(DeliveryStatus.PENDING);
        assertThat(again.attempts()).isZero();
        assertThat(again.attemptAt()).isEqualTo(DUE.plusSeconds(8));
    }

    @Test
    void a_withdrawal_that_is_recorded_twice_leaves_the_next_intent_alone() {
        var none = NotCalled.of(inFlight, DeliveryStatus.PENDING);
        var first = changesOf(inFlight);
        first.add(none);
        var next = first.saved().getFirst().inFlight(DUE.plusSeconds(2));
        assertThat(next.attempts()).isEqualTo(inFlight.attempts());

        var twice = changesOf(next);
        twice.add(none);

        assertThat(none.endsThatOf(inFlight)).isTrue();
        assertThat(none.endsThatOf(next)).isFalse();
        assertThat(twice.saved()).isEmpty();
        assertThat(twice.withdrawn()).isEmpty();
    }

    @Test
    void the_end_of_an_attempt_of_a_delivery_that_is_no_longer_kept_changes_nothing() {
        var changes = new ResultChanges(List.of(), policies(), events, DUE.plusSeconds(1), () -> 0.5);
        changes.add(ended(Outcome.DELIVERED, null));
        assertThat(changes.saved()).isEmpty();
        assertThat(changes.recorded()).isEmpty();
    }

    @Test
    void an_intent_is_not_withdrawn_once_its_delivery_has_moved_on() {
        var unknown = changesOf(inFlight);
        unknown.add(new EndedCall(AttemptResult.unknown(inFlight), TraceContext.NONE, null));

        var late = changesOf(unknown.saved().getFirst());
        late.add(NotCalled.of(inFlight, DeliveryStatus.PENDING));

        assertThat(late.saved()).isEmpty();
        assertThat(late.withdrawn()).isEmpty();
    }

    @Test
    void failures_of_ours_say_nothing_about_an_endpoint() {
        for (var ours : List.of(Reason.NOT_CONFIGURED, Reason.CONTENT_REFUSED, Reason.RESOLVER_BUSY)) {
            var changes = changesOf(inFlight);
            changes.add(ended(Outcome.PERMANENT, ours));
            assertThat(changes.attempted()).as("%s", ours).isEmpty();
        }
    }
}

package dev.carillon.delivery.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.delivery.endpoint.Endpoint.Because;
import dev.carillon.delivery.endpoint.Endpoint.Receives;
import dev.carillon.delivery.endpoint.Endpoint.Status;
import dev.carillon.delivery.endpoint.FailurePolicy.Attempts;
import dev.carillon.delivery.endpoint.FailurePolicy.Change;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FailurePolicyTest {
    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");
    private static final Duration DAYS = Duration.ofDays(5);

    private final FailurePolicy policy = new FailurePolicy(20, DAYS);
    private final Endpoint endpoint = Endpoint.registered(
            new UUID(1, 1), "acme", URI.create("https://example.org/hooks"), null, Receives.MESSAGES, NOW);

    @Test
    void a_few_failures_are_noted_and_nobody_is_told() {
        assertThat(policy.after(endpoint, Attempts.FAILED, 19, NOW))
                .isInstanceOfSatisfying(Change.Noted.class, change -> {
                    assertThat(change.endpoint().failures()).isEqualTo(19);
                    assertThat(change.endpoint().failingSince()).isEqualTo(NOW);
                    assertThat(change.endpoint().version()).isEqualTo(endpoint.version());
                });
    }

    @Test
    void its_failing_is_told_once() {
        var failing = policy.after(endpoint.failed(19, NOW), Attempts.FAILED, 5, NOW.plusSeconds(60));
        assertThat(failing).isInstanceOfSatisfying(Change.Failing.class, change -> {
            assertThat(change.endpoint().version()).isEqualTo(endpoint.version() + 1);
            assertThat(change.endpoint().failingSince()).as("the first of them").isEqualTo(NOW);
            assertThat(policy.after(change.endpoint(), Attempts.FAILED, 1, NOW.plusSeconds(61)))
                    .isInstanceOf(Change.Noted.class);
        });
    }

    @Test
    void it_is_disabled_once_it_has_failed_for_long_and_often() {
        var failing = endpoint.failed(30, NOW);
        assertThat(policy.after(failing, Attempts.FAILED, 1, NOW.plus(DAYS).minusMillis(1)))
                .isInstanceOf(Change.Noted.class);
        assertThat(policy.after(failing, Attempts.FAILED, 1, NOW.plus(DAYS)))
                .isInstanceOfSatisfying(Change.Disabled.class, change -> {
                    assertThat(change.endpoint().status()).isEqualTo(Status.DISABLED);
                    assertThat(change.endpoint().disabledBecause()).isEqualTo(Because.FAILING);
                    assertThat(change.endpoint().revision())
                            .as("no change of its client's")
                            .isEqualTo(endpoint.revision());
                });
        assertThat(policy.after(endpoint.failed(1, NOW), Attempts.FAILED, 1, NOW.plus(DAYS)))
                .as("two failures are not often")
                .isInstanceOf(Change.Noted.class);
    }

    @Test
    void a_success_ends_it_and_is_told_if_the_failing_was() {
        assertThat(policy.after(endpoint.failed(20, NOW), Attempts.DELIVERED, 3, NOW))
                .isInstanceOfSatisfying(Change.Recovered.class, change -> {
                    assertThat(change.endpoint().failures()).isZero();
                    assertThat(change.endpoint().failingSince()).isNull();
                });
        assertThat(policy.after(endpoint.failed(19, NOW), Attempts.DELIVERED, 0, NOW))
                .isInstanceOf(Change.Noted.class);
    }

    @Test
    void of_a_disabled_one_neither_failing_nor_recovery_is_told() {
        var disabled = endpoint.failed(19, NOW).disabled(Because.REQUESTED, NOW);
        assertThat(policy.after(disabled, Attempts.FAILED, 1, NOW))
                .isEqualTo(new Change.Noted(disabled.failed(1, NOW)));
        var failing = endpoint.failed(30, NOW).disabled(Because.FAILING, NOW);
        assertThat(policy.after(failing, Attempts.DELIVERED, 0, NOW)).isEqualTo(new Change.Noted(failing.succeeded()));
    }

    @Test
    void gone_disables_at_once_and_once() {
        var gone = policy.after(endpoint, Attempts.GONE, 1, NOW);
        assertThat(gone).isInstanceOfSatisfying(Change.Disabled.class, change -> {
            assertThat(change.endpoint().disabledBecause()).isEqualTo(Because.GONE);
            assertThat(policy.after(change.endpoint(), Attempts.GONE, 1, NOW)).isInstanceOf(Change.Noted.class);
        });
    }

    @Test
    void of_several_outcomes_the_weightiest_counts() {
        assertThat(Attempts.FAILED.and(Attempts.DELIVERED)).isEqualTo(Attempts.DELIVERED);
        assertThat(Attempts.GONE.and(Attempts.DELIVERED)).isEqualTo(Attempts.GONE);
    }

    @Test
    void what_is_enabled_again_starts_afresh() {
        var enabled = endpoint.failed(30, NOW).disabled(Because.FAILING, NOW).enabled();
        assertThat(enabled.failures()).isZero();
        assertThat(enabled.failingSince()).isNull();
        assertThat(enabled.enabled()).isSameAs(enabled);
    }

    @Test
    void a_policy_that_disables_what_has_not_failed_is_refused() {
        assertThatThrownBy(() -> new FailurePolicy(0, DAYS)).isInstanceOf(IllegalArgumentException.class);
    }
}

package dev.carillon.delivery.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {
    private final RetryPolicy policy = RetryPolicy.parse(List.of("PT4M±25", " PT11M±10 "));

    @Test
    void there_is_one_attempt_more_than_there_are_waits() {
        assertThat(policy.attempts()).isEqualTo(3);
        assertThat(RetryPolicy.parse(List.of()).attempts()).isEqualTo(1);
    }

    @Test
    void jitter_spreads_within_its_share_to_both_sides() {
        assertThat(policy.waitAfter(1, null, () -> 0)).contains(Duration.ofMinutes(3));
        assertThat(policy.waitAfter(1, null, () -> 0.5)).contains(Duration.ofMinutes(4));
        assertThat(policy.waitAfter(1, null, () -> 1)).contains(Duration.ofMinutes(5));
        assertThat(policy.waitAfter(2, null, () -> 0)).contains(Duration.ofSeconds(594));
    }

    @Test
    void the_attempts_span_an_outage_of_ten_minutes_at_their_shortest() {
        var span = policy.waitAfter(1, null, () -> 0)
                .orElseThrow()
                .plus(policy.waitAfter(2, null, () -> 0).orElseThrow());

        assertThat(span).isGreaterThan(Duration.ofMinutes(10));
    }

    @Test
    void a_provider_may_ask_for_a_longer_wait_but_not_for_a_shorter_one() {
        assertThat(policy.waitAfter(1, Duration.ofHours(1), () -> 0.5)).contains(Duration.ofHours(1));
        assertThat(policy.waitAfter(1, Duration.ofSeconds(1), () -> 0.5)).contains(Duration.ofMinutes(4));
    }

    @Test
    void after_the_last_attempt_there_is_no_wait_whatever_is_asked() {
        assertThat(policy.waitAfter(3, Duration.ofSeconds(1), () -> 0.5)).isEmpty();
        assertThat(policy.waitAfter(4, null, () -> 0.5)).isEmpty();
    }

    @Test
    void a_wait_without_a_share_is_exact() {
        assertThat(RetryPolicy.parse(List.of("PT0.2S")).waitAfter(1, null, () -> 1))
                .contains(Duration.ofMillis(200));
    }

    @ParameterizedTest
    @ValueSource(strings = {"4M", "PT4M±", "PT4M±x", "PT4M±100", "-PT4M", "PT-4M", "", "P", "PT4M ±25%"})
    void a_wait_that_is_none_is_refused_at_start(String wait) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicy.parse(List.of(wait)))
                .withMessageContaining("PT4M±25");
    }

    @Test
    void a_wait_that_would_end_after_all_that_can_be_recorded_is_refused_at_start() {
        assertThat(RetryPolicy.parse(List.of("P365D")).waitAfter(1, null, () -> 0.5))
                .contains(Duration.ofDays(365));
        for (var wait : List.of("P366D", "P200000000D±10", "PT2562047788015215H")) {
            assertThatIllegalArgumentException()
                    .as(wait)
                    .isThrownBy(() -> RetryPolicy.parse(List.of(wait)))
                    .withMessageContaining("365 days");
        }
    }
}

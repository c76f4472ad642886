package dev.carillon.delivery.containment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");
    private static final RetryBudget.Limits LIMITS = new RetryBudget.Limits(0.2, 1, 500);

    @Test
    void each_first_attempt_adds_its_share_and_each_retry_takes_one() {
        var budget = new RetryBudget(LIMITS, NOW);
        for (int i = 0; i < 100; i++) {
            budget.firstAttempt(NOW);
        }

        assertThat(budget.left(NOW)).isEqualTo(30, within(1e-6));
        budget.retry(NOW);
        assertThat(budget.left(NOW)).isEqualTo(29, within(1e-6));
        budget.undo(true);
        assertThat(budget.left(NOW)).isEqualTo(30, within(1e-6));
        budget.undo(false);
        assertThat(budget.left(NOW)).isEqualTo(29.8, within(1e-6));
    }

    @Test
    void the_floor_lets_a_few_through_without_any_first_attempt() {
        var budget = new RetryBudget(LIMITS, NOW);
        for (int i = 0; i < 10; i++) {
            budget.retry(NOW);
        }
        assertThat(budget.allows(NOW)).isFalse();
        assertThat(budget.interval(NOW)).isEqualTo(Duration.ofSeconds(1));

        assertThat(budget.allows(NOW.plusMillis(999))).isFalse();
        assertThat(budget.allows(NOW.plusSeconds(1))).isTrue();
    }

    @Test
    void however_much_fails_retries_are_a_share_of_first_attempts_and_the_floor() {
        for (long seed = 0; seed < 100; seed++) {
            var random = new Random(seed);
            var budget = new RetryBudget(LIMITS, NOW);
            var now = NOW;
            int first = 0;
            int retries = 0;
            for (int i = 0; i < 5_000; i++) {
                now = now.plusMillis(random.nextInt(20));
                if (random.nextInt(4) == 0) {
                    budget.firstAttempt(now);
                    first++;
                } else if (budget.allows(now)) {
                    budget.retry(now);
                    retries++;
                }
                double most = 10 + 0.2 * first + Duration.between(NOW, now).toMillis() / 1e3 + 1e-6;
                assertThat((double) retries).isLessThanOrEqualTo(most);
            }
            assertThat(retries).isPositive();
        }
    }

    @Test
    void what_is_saved_is_bounded() {
        var budget = new RetryBudget(LIMITS, NOW);
        assertThat(budget.left(NOW.plus(Duration.ofDays(30)))).isEqualTo(500);
    }

    @Test
    void the_more_first_attempts_the_closer_together_retries_come() {
        var budget = new RetryBudget(LIMITS, NOW);
        for (int i = 0; i < 450; i++) {
            budget.firstAttempt(NOW);
        }
        assertThat(budget.interval(NOW)).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void a_budget_that_would_let_a_retry_wait_for_ever_is_refused() {
        assertThatThrownBy(() -> new RetryBudget.Limits(0.2, 0, 500)).isInstanceOf(IllegalArgumentException.class);
    }
}

package dev.carillon.delivery.containment;

import static dev.carillon.delivery.containment.ContainmentFixture.end;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.containment.ContainmentFixture.Asking;
import dev.carillon.delivery.containment.Request.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Objects;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

/** Permits of retries: whose turn it is, and what takes of their budget. */
class ContainedRetriesTest {
    private final ContainmentFixture permits = new ContainmentFixture();

    @Test
    void exhausted_the_budget_lets_retries_wait_and_first_attempts_go() {
        for (int i = 0; i < 10; i++) {
            permits.granted(permits.webhook("acme", "https://a.example/", Kind.RETRY));
        }

        var next = permits.webhook("acme", "https://a.example/", Kind.RETRY);
        assertThat(permits.denial(next)).isEqualTo(Denial.RETRY_BUDGET);
        assertThat(permits.denial(permits.webhook("https://a.example/"))).isNull();
        assertThat(permits.denial(permits.webhook("acme", "https://b.example/", Kind.RETRY)))
                .isNull();
        permits.clock.advance(Duration.ofMillis(1_001));
        assertThat(permits.denial(permits.webhook("acme", "https://a.example/", Kind.RETRY)))
                .as("whose turn it is not")
                .isEqualTo(Denial.RETRY_BUDGET);
        assertThat(permits.denial(next)).isNull();
    }

    @Test
    void what_an_operator_asked_for_takes_nothing_of_the_budget_and_delays_no_retry() {
        for (int i = 0; i < 10; i++) {
            end(permits.granted(permits.mail("acme", Kind.RETRY)));
        }
        for (int i = 0; i < 10_000; i++) {
            end(permits.granted(permits.mail("acme", Kind.ON_REQUEST)));
        }

        var retry = permits.mail("other", Kind.RETRY);
        assertThat(backIn(retry)).isLessThan(Duration.ofSeconds(2));
        permits.clock.advance(Duration.ofSeconds(2));
        end(permits.granted(retry));
    }

    private Duration backIn(Request denied) {
        var answer = permits.containment.ask(denied);
        assertThat(answer).isInstanceOf(Answer.Denied.class);
        return Duration.between(permits.clock.instant(), ((Answer.Denied) answer).askAgainAt());
    }

    @Test
    void what_an_operator_asked_for_adds_nothing_to_the_budget_either() {
        for (int i = 0; i < 10; i++) {
            end(permits.granted(permits.mail("acme", Kind.RETRY)));
        }
        permits.granted(permits.mail("acme", Kind.ON_REQUEST)).unused();
        end(permits.granted(permits.mail("acme", Kind.ON_REQUEST)));
        assertThat(permits.denial(permits.mail("acme", Kind.RETRY))).isEqualTo(Denial.RETRY_BUDGET);
    }

    @Test
    void thousands_of_retries_of_one_tenant_do_not_delay_those_of_another() {
        var begun = permits.clock.instant();
        var queue = new PriorityQueue<Asking>(Comparator.comparing(Asking::at));
        for (int i = 0; i < 3_000; i++) {
            queue.add(new Asking(permits.mail("acme", Kind.RETRY), begun));
        }
        var others = new ArrayList<Request>();
        for (int i = 0; i < 3; i++) {
            others.add(permits.mail("other", Kind.RETRY));
            queue.add(new Asking(others.getLast(), begun.plusSeconds(30)));
        }

        var calls = permits.drain(queue, begun.plusSeconds(120));

        var waited = others.stream()
                .map(one -> Duration.between(
                        begun.plusSeconds(30),
                        Objects.requireNonNull(calls.get(one.deliveryId()), "begun within a minute and a half")))
                .sorted()
                .toList();
        assertThat(waited.getFirst()).isLessThan(Duration.ofSeconds(4));
        assertThat(waited.getLast()).isLessThan(Duration.ofSeconds(20));
        assertThat(calls.size()).as("ten at first and one a second").isBetween(70, 10 + 120);
        assertThat(permits.denied.getOrDefault(Denial.RETRY_BUDGET, 0))
                .as("once each, and then a few a second")
                .isLessThan(4_000);
    }

    @Test
    void a_turn_that_is_not_taken_is_somebody_else_s() {
        for (int i = 0; i < 10; i++) {
            end(permits.granted(permits.mail("acme", Kind.RETRY)));
        }
        assertThat(permits.denial(permits.mail("acme", Kind.RETRY)))
                .as("one that is recalled then")
                .isEqualTo(Denial.RETRY_BUDGET);

        permits.clock.advance(Duration.ofSeconds(1));
        assertThat(permits.denial(permits.mail("other", Kind.RETRY))).isEqualTo(Denial.RETRY_BUDGET);
        permits.clock.advance(Duration.ofSeconds(30));
        for (int i = 0; i < 31; i++) {
            end(permits.granted(permits.mail("acme", Kind.RETRY)));
        }
        assertThat(permits.denial(permits.mail("acme", Kind.RETRY))).isEqualTo(Denial.RETRY_BUDGET);
    }
}

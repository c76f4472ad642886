package dev.carillon.delivery.containment;

import static dev.carillon.delivery.containment.ContainmentFixture.DOWN;
import static dev.carillon.delivery.containment.ContainmentFixture.HANGS;
import static dev.carillon.delivery.containment.ContainmentFixture.OK;
import static dev.carillon.delivery.containment.ContainmentFixture.end;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.containment.Request.Kind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Hosts of which each address is called rarely: when it is the host that fails, and what its addresses share. */
class ContainedHostsTest {
    private static final String HOST = "https://a.example/";
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final ContainmentFixture permits = new ContainmentFixture();

    private void fail(int addresses, ProviderAnswer answer) {
        for (int i = 0; i < addresses; i++) {
            permits.call(HOST + i, answer);
        }
    }

    @Test
    void many_addresses_that_fail_once_each_are_a_host_that_fails() {
        fail(20, DOWN);

        assertThat(permits.denial(permits.webhook(HOST + "new"))).isEqualTo(Denial.BREAKER_OPEN);
        assertThat(permits.denial(permits.webhook("https://a.example:8443/new")))
                .isNull();
        assertThat(permits.denial(permits.webhook("other", HOST + "new", Kind.FIRST)))
                .isNull();
    }

    @Test
    void so_are_many_that_hang() {
        fail(20, HANGS);
        assertThat(permits.denial(permits.webhook(HOST + "new"))).isEqualTo(Denial.BREAKER_OPEN);
    }

    @Test
    void three_that_fail_again_and_again_are_enough_while_none_works() {
        for (int i = 0; i < 4; i++) {
            fail(3, DOWN);
        }
        assertThat(permits.denial(permits.webhook(HOST + "new"))).isEqualTo(Denial.BREAKER_OPEN);
    }

    @Test
    void one_address_that_fails_stops_no_other_however_often_it_is_called() {
        for (int second = 0; second < 180; second++) {
            for (int i = 0; i < 5; i++) {
                permits.call(HOST + "dead", second % 2 == 0 ? DOWN : HANGS);
            }
            assertThat(permits.denial(permits.webhook(HOST + "alive"))).isNull();
            permits.clock.advance(SECOND);
        }
        assertThat(permits.denied.keySet()).containsExactly(Denial.BREAKER_OPEN);
    }

    @Test
    void nor_do_two() {
        for (int second = 0; second < 180; second++) {
            permits.call(HOST + second % 2, DOWN);
            assertThat(permits.denial(permits.webhook(HOST + "alive"))).isNull();
            permits.clock.advance(SECOND);
        }
    }

    @Test
    void nor_does_one_that_fails_often_with_a_few_that_failed_once_where_more_work() {
        for (int i = 0; i < 10; i++) {
            permits.call(HOST + "alive", OK);
            permits.call(HOST + "dead", DOWN);
        }
        fail(4, DOWN);
        assertThat(permits.denial(permits.webhook(HOST + "alive"))).isNull();
    }

    @Test
    void a_probe_that_is_answered_opens_the_host_again() {
        fail(20, DOWN);
        permits.clock.advance(Duration.ofSeconds(5));
        end(permits.granted(permits.webhook(HOST + "one")));

        for (int i = 0; i < 20; i++) {
            permits.granted(permits.webhook(HOST + "other" + i));
        }
    }

    @Test
    void an_address_that_fails_as_a_probe_leaves_the_next_to_others_and_does_not_shut_the_host_alone() {
        fail(20, DOWN);
        permits.clock.advance(Duration.ofSeconds(5));

        permits.call(HOST + "0", HANGS);
        assertThat(permits.denial(permits.webhook(HOST + "0"))).isEqualTo(Denial.BREAKER_OPEN);
        assertThat(permits.denial(permits.webhook(HOST + "alive"))).isNull();
        fail(3, DOWN);
        assertThat(permits.denial(permits.webhook(HOST + "alive")))
                .as("three have failed")
                .isEqualTo(Denial.BREAKER_OPEN);
    }

    @Test
    void calls_from_before_it_opened_say_nothing_about_the_probes() {
        var before = permits.granted(permits.webhook(HOST + "slow"));
        var another = permits.granted(permits.webhook(HOST + "slower"));
        fail(20, DOWN);
        permits.clock.advance(Duration.ofSeconds(5));
        permits.call(HOST + "0", DOWN);
        before.ended(HANGS, Duration.ofSeconds(15));
        another.ended(HANGS, Duration.ofSeconds(15));
        permits.call(HOST + "1", DOWN);

        assertThat(permits.denial(permits.webhook(HOST + "alive"))).isNull();
    }

    @Test
    void two_hundred_addresses_with_two_messages_each_cost_their_host_little_more_than_probes() {
        var failing = new FailingHost(new ContainmentFixture(), DOWN, ContainmentFixture.QUICK);
        assertThat(failing.attempts(200, 2, Duration.ofMinutes(1)))
                .as("until it was known, and three at a time from then on")
                .isBetween(12 + 3, 50);
    }

    @Test
    void where_they_hang_they_cost_it_first_attempts_and_probes() {
        var hanging = new FailingHost(new ContainmentFixture(), HANGS, Duration.ofSeconds(15));
        assertThat(hanging.attempts(200, 2, Duration.ofMinutes(1)))
                .as("all before one has timed out, and three at a time from then on")
                .isBetween(400, 430);
    }

    @Test
    void their_retries_are_bounded_by_one_budget_even_without_a_breaker() {
        int seconds = 30;
        var failing = new FailingHost(ContainmentFixture.withoutBreakers(), DOWN, ContainmentFixture.QUICK);
        assertThat(failing.attempts(200, 2, Duration.ofSeconds(seconds)))
                .as("each once; ten, a fifth of the first attempts and one a second")
                .isBetween(400 + 10, 400 + 10 + 80 + seconds);
    }

    @Test
    void the_budget_of_a_host_is_its_tenants_and_its_addresses_take_turns() {
        for (int i = 0; i < 10; i++) {
            end(permits.granted(permits.webhook("acme", HOST + "dead", Kind.RETRY)));
        }
        for (int i = 0; i < 1_000; i++) {
            assertThat(permits.denial(permits.webhook("acme", HOST + "dead", Kind.RETRY)))
                    .isEqualTo(Denial.RETRY_BUDGET);
        }

        assertThat(permits.denial(permits.webhook("other", HOST + "alive", Kind.RETRY)))
                .isNull();
        var retry = permits.webhook("acme", HOST + "alive", Kind.RETRY);
        var back = ((Answer.Denied) permits.containment.ask(retry)).askAgainAt();
        assertThat(back).isBefore(permits.clock.instant().plusSeconds(3));
        permits.clock.set(back);
        end(permits.granted(retry));
    }
}

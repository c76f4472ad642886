package dev.carillon.delivery.attempt;

import static dev.carillon.delivery.attempt.Deliveries.DUE;
import static dev.carillon.delivery.attempt.Deliveries.TIMEOUT;
import static dev.carillon.delivery.attempt.Deliveries.in;
import static dev.carillon.delivery.attempt.Deliveries.pending;
import static dev.carillon.delivery.attempt.Deliveries.pendingUntil;
import static dev.carillon.delivery.attempt.DeliveryStatus.IN_FLIGHT;
import static dev.carillon.delivery.attempt.DeliveryStatus.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FiringTest {
    private static final Duration HEAD_START = Duration.ofMillis(300);

    private static Firing fired(Delivery delivery, Instant now) {
        return Firing.of(delivery, false, TIMEOUT, HEAD_START, now);
    }

    @Test
    void an_intent_may_be_committed_a_head_start_before_the_instant_and_not_sooner() {
        assertThat(fired(pending(), DUE.minus(HEAD_START))).isInstanceOf(Firing.Begins.class);
        assertThat(fired(pending(), DUE.minus(HEAD_START).minusNanos(1))).isInstanceOf(Firing.Early.class);
    }

    @Test
    void what_begins_before_its_instant_is_called_at_its_instant() {
        assertThat(fired(pending(), DUE.minus(HEAD_START)))
                .isInstanceOfSatisfying(
                        Firing.Begins.class,
                        begins -> assertThat(begins.inFlight().attemptAt()).isEqualTo(DUE));
    }

    @Test
    void a_retry_begins_when_its_wait_is_over() {
        var waiting = in(WAITING);

        assertThat(fired(waiting, waiting.attemptAt())).isInstanceOf(Firing.Begins.class);
        assertThat(fired(waiting, waiting.attemptAt().minusSeconds(1))).isInstanceOf(Firing.Early.class);
    }

    @Test
    void nothing_begins_behind_another_one_of_its_key() {
        assertThat(Firing.of(pending(), true, TIMEOUT, HEAD_START, DUE)).isInstanceOf(Firing.Blocked.class);
    }

    @Test
    void its_time_ends_at_expiresAt_whether_blocked_or_late_and_not_before() {
        var expiresAt = DUE.plusSeconds(60);
        var delivery = pendingUntil(expiresAt);

        assertThat(fired(delivery, expiresAt.minusNanos(1))).isInstanceOf(Firing.Begins.class);
        assertThat(fired(delivery, expiresAt)).isInstanceOf(Firing.Expires.class);
        assertThat(Firing.of(delivery, true, TIMEOUT, HEAD_START, expiresAt)).isInstanceOf(Firing.Expires.class);
    }

    @Test
    void an_attempt_that_would_come_after_expiresAt_is_not_made_and_expires_at_expiresAt() {
        var expiresAt = DUE.plusSeconds(60);
        var inFlight = pendingUntil(expiresAt).inFlight(DUE);
        var waiting = Deliveries.after(inFlight, AttemptResult.Outcome.TRANSIENT);

        assertThat(waiting.expiresFirst()).isTrue();
        assertThat(fired(waiting, expiresAt.minusNanos(1))).isInstanceOf(Firing.Early.class);
        assertThat(fired(waiting, expiresAt)).isInstanceOf(Firing.Expires.class);
    }

    @Test
    void a_call_is_taken_for_unknown_at_its_deadline_and_not_before() {
        var deadline = DUE.plus(TIMEOUT).plusSeconds(1);

        assertThat(fired(in(IN_FLIGHT), deadline.minusNanos(1))).isInstanceOf(Firing.Early.class);
        assertThat(fired(in(IN_FLIGHT), deadline)).isInstanceOf(Firing.Overdue.class);
    }

    @ParameterizedTest
    @EnumSource(
            value = DeliveryStatus.class,
            names = {"DELIVERED", "DEAD", "EXPIRED", "RECALLED"})
    void a_timer_of_what_has_ended_does_nothing(DeliveryStatus status) {
        assertThat(fired(in(status), DUE.plusSeconds(3600))).isInstanceOf(Firing.Nothing.class);
    }

    @Test
    void what_is_held_stays_so_until_it_is_given_up() {
        var until = DUE.plusSeconds(60);
        var held = in(DeliveryStatus.PENDING).held(DUE, Duration.ofSeconds(60));

        assertThat(fired(held, until.minusMillis(1))).isEqualTo(new Firing.Early(held));
        assertThat(fired(held, until)).isInstanceOfSatisfying(Firing.GivenUp.class, given -> assertThat(
                        given.dead().status())
                .isEqualTo(DeliveryStatus.DEAD));
    }

    @Test
    void what_is_held_expires() {
        var held = Deliveries.pendingUntil(DUE.plusSeconds(5)).held(DUE, Duration.ofSeconds(60));

        assertThat(fired(held, DUE.plusSeconds(4))).isInstanceOf(Firing.Early.class);
        assertThat(fired(held, DUE.plusSeconds(5))).isInstanceOf(Firing.Expires.class);
    }
}

package dev.carillon.delivery.attempt;

import static dev.carillon.delivery.attempt.Deliveries.DUE;
import static dev.carillon.delivery.attempt.Deliveries.in;
import static dev.carillon.delivery.attempt.Deliveries.pending;
import static dev.carillon.delivery.attempt.Deliveries.pendingUntil;
import static dev.carillon.delivery.attempt.Deliveries.policy;
import static dev.carillon.delivery.attempt.Deliveries.result;
import static dev.carillon.delivery.attempt.DeliveryStatus.DEAD;
import static dev.carillon.delivery.attempt.DeliveryStatus.DELIVERED;
import static dev.carillon.delivery.attempt.DeliveryStatus.EXPIRED;
import static dev.carillon.delivery.attempt.DeliveryStatus.HELD;
import static dev.carillon.delivery.attempt.DeliveryStatus.IN_FLIGHT;
import static dev.carillon.delivery.attempt.DeliveryStatus.PENDING;
import static dev.carillon.delivery.attempt.DeliveryStatus.RECALLED;
import static dev.carillon.delivery.attempt.DeliveryStatus.WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.attempt.AttemptResult.Outcome;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class DeliveryTest {
    private static final Instant LATER = DUE.plusSeconds(2);

    private static Delivery after(Delivery delivery, AttemptResult result) {
        return delivery.after(result, policy(), LATER, () -> 0.5);
    }

    /** After attempts that ended like this, each begun when the one before had ended. */
    private static Delivery after(Delivery first, Outcome... outcomes) {
        var delivery = first;
        for (var outcome : outcomes) {
            var inFlight = delivery.inFlight(LATER);
            delivery = after(inFlight, result(inFlight, outcome));
        }
        return delivery;
    }

    @ParameterizedTest
    @CsvSource({"DELIVERED,DELIVERED", "PERMANENT,DEAD", "TRANSIENT,WAITING", "UNKNOWN,WAITING"})
    void the_result_of_the_attempt_in_flight_decides_where_it_goes(Outcome outcome, DeliveryStatus expected) {
        var inFlight = in(IN_FLIGHT);

        var after = after(inFlight, result(inFlight, outcome));

        assertThat(after.status()).isEqualTo(expected);
        assertThat(after.version()).isEqualTo(inFlight.version() + 1);
        assertThat(after.firedAt()).isEqualTo(DUE);
        assertThat(after.endedAt()).isEqualTo(expected.isEnd() ? LATER : null);
        assertThat(after.attempts()).isEqualTo(1);
    }

    @Test
    void a_call_may_be_sent_until_its_message_expires_and_for_no_longer_than_it_may_take() {
        var timeout = Duration.ofSeconds(15);

        assertThat(pending().sendBefore(timeout, DUE)).isEqualTo(timeout);
        assertThat(pendingUntil(DUE.plusSeconds(60)).sendBefore(timeout, DUE)).isEqualTo(timeout);
        assertThat(pendingUntil(DUE.plusSeconds(60)).sendBefore(timeout, DUE.plusSeconds(57)))
                .isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void after_a_failure_that_may_pass_it_waits_as_the_policy_says() {
        var inFlight = in(IN_FLIGHT);

        var waiting = after(inFlight, result(inFlight, Outcome.TRANSIENT));

        assertThat(waiting.attemptAt()).isEqualTo(LATER.plus(Duration.ofMinutes(4)));
        assertThat(waiting.error()).isEqualTo("it failed");
        assertThat(waiting.possiblyDelivered()).isFalse();
    }

    @Test
    void after_an_unknown_outcome_it_is_tried_again_at_once_and_says_that_it_may_have_arrived() {
        var inFlight = in(IN_FLIGHT);

        var waiting = after(inFlight, AttemptResult.unknown(inFlight));

        assertThat(waiting.status()).isEqualTo(WAITING);
        assertThat(waiting.attemptAt()).isEqualTo(LATER);
        assertThat(waiting.possiblyDelivered()).isTrue();
    }

    @Test
    void a_call_that_broke_off_says_that_it_may_have_arrived() {
        var inFlight = in(IN_FLIGHT);

        var waiting = after(inFlight, result(inFlight, 1, Outcome.TRANSIENT, null, true));

        assertThat(waiting.possiblyDelivered()).isTrue();
    }

    @Test
    void the_last_attempt_is_the_last() {
        var dead = after(pending(), Outcome.TRANSIENT, Outcome.TRANSIENT, Outcome.TRANSIENT);

        assertThat(dead.status()).isEqualTo(DEAD);
        assertThat(dead.attempts()).isEqualTo(3);
        assertThat(dead.endedAt()).isEqualTo(LATER);
    }

    @Test
    void an_unknown_outcome_takes_none_of_the_attempts_and_waits_that_the_policy_gives() {
        var first = after(pending(), Outcome.UNKNOWN, Outcome.TRANSIENT);
        var last = after(first, Outcome.TRANSIENT, Outcome.UNKNOWN);

        assertThat(first.attemptAt()).as("the first wait").isEqualTo(LATER.plus(Duration.ofMinutes(4)));
        assertThat(last.status()).as("the third attempt was lost").isEqualTo(WAITING);
        assertThat(last.attemptAt()).isEqualTo(LATER);
        assertThat(last.attempts()).isEqualTo(4);
        assertThat(after(last, Outcome.TRANSIENT).status()).isEqualTo(DEAD);
        assertThat(after(last, Outcome.DELIVERED).status()).isEqualTo(DELIVERED);
        assertThat(after(last, Outcome.DELIVERED).possiblyDelivered()).isTrue();
    }

    @Test
    void the_fifth_unknown_outcome_ends_it_wherever_the_others_were() {
        var lost =
                after(pending(), Outcome.UNKNOWN, Outcome.UNKNOWN, Outcome.TRANSIENT, Outcome.UNKNOWN, Outcome.UNKNOWN);
        var dead = after(lost, Outcome.UNKNOWN);

        assertThat(lost.status()).isEqualTo(WAITING);
        assertThat(dead.status()).isEqualTo(DEAD);
        assertThat(dead.attempts()).isEqualTo(6);
        assertThat(dead.possiblyDelivered()).isTrue();
        assertThat(dead.endedAt()).isEqualTo(LATER);
        assertThat(after(dead.redriven(LATER), Outcome.UNKNOWN).status())
                .as("a redrive gives it one attempt and no five others")
                .isEqualTo(DEAD);
    }

    @Test
    void what_was_attempted_on_request_and_lost_is_attempted_again_on_that_request() {
        var dead = after(pending(), Outcome.TRANSIENT, Outcome.TRANSIENT, Outcome.TRANSIENT);
        var lost = after(dead.redriven(LATER), Outcome.UNKNOWN);

        assertThat(lost.status()).isEqualTo(WAITING);
        assertThat(lost.attemptAt()).isEqualTo(LATER);
        assertThat(lost.onRequest()).isTrue();
        var failed = after(lost, Outcome.TRANSIENT);
        assertThat(failed.status()).as("the one attempt that was asked for").isEqualTo(DEAD);
        assertThat(failed.onRequest()).isFalse();
    }

    @Test
    void what_expires_while_its_outcome_is_unknown_is_not_attempted_again() {
        var lost = after(Deliveries.pendingUntil(LATER), Outcome.UNKNOWN);

        assertThat(Firing.of(lost, false, Deliveries.TIMEOUT, Duration.ZERO, LATER))
                .isInstanceOfSatisfying(Firing.Expires.class, over -> {
                    assertThat(over.expired().status()).isEqualTo(EXPIRED);
                    assertThat(over.expired().possiblyDelivered()).isTrue();
                });
    }

    @ParameterizedTest
    @EnumSource(
            value = DeliveryStatus.class,
            names = {"WAITING", "HELD", "DEAD", "EXPIRED"})
    void a_late_success_wins_over_everything_that_is_not_confirmed_otherwise(DeliveryStatus status) {
        var delivery = in(status);

        assertThat(after(delivery, result(delivery, 1, Outcome.DELIVERED)).status())
                .isEqualTo(DELIVERED);
    }

    @Test
    void a_late_success_wins_while_the_next_attempt_is_open_and_that_ones_failure_changes_nothing() {
        var second = in(WAITING).inFlight(LATER);

        var delivered = after(second, result(second, 1, Outcome.DELIVERED));

        assertThat(delivered.status()).isEqualTo(DELIVERED);
        assertThat(after(delivered, result(delivered, 2, Outcome.TRANSIENT))).isSameAs(delivered);
    }

    @ParameterizedTest
    @EnumSource(
            value = DeliveryStatus.class,
            names = {"PENDING", "DELIVERED", "RECALLED"})
    void a_late_success_changes_neither_an_end_that_was_confirmed_nor_what_has_not_begun(DeliveryStatus status) {
        var delivery = in(status);

        assertThat(after(delivery, result(delivery, 1, Outcome.DELIVERED))).isSameAs(delivery);
    }

    @ParameterizedTest
    @EnumSource(
            value = Outcome.class,
            names = {"TRANSIENT", "PERMANENT", "UNKNOWN"})
    void a_late_failure_changes_nothing(Outcome outcome) {
        for (var status : new DeliveryStatus[] {PENDING, WAITING, HELD, DELIVERED, DEAD, EXPIRED, RECALLED}) {
            var delivery = in(status);
            assertThat(after(delivery, result(delivery, 1, outcome))).isSameAs(delivery);
        }
        var second = in(WAITING).inFlight(LATER);
        assertThat(after(second, result(second, 1, outcome))).isSameAs(second);
    }

    @Test
    void the_same_result_twice_is_one_result() {
        var inFlight = in(IN_FLIGHT);
        var result = result(inFlight, Outcome.TRANSIENT);
        var once = after(inFlight, result);

        assertThat(after(once, result)).isSameAs(once);
    }

    @Test
    void an_attempt_begins_at_its_instant_and_at_once_when_that_has_passed() {
        assertThat(pending().inFlight(DUE.minusMillis(300)).attemptAt()).isEqualTo(DUE);
        assertThat(pending().inFlight(LATER).attemptAt()).isEqualTo(LATER);
    }

    @Test
    void firedAt_is_the_first_attempts_and_stays() {
        var second = in(WAITING).inFlight(LATER);

        assertThat(after(second, result(second, Outcome.DELIVERED)).firedAt()).isEqualTo(DUE);
    }

    @Test
    void a_retry_on_request_is_due_at_once_and_is_no_end() {
        var again = in(DEAD).redriven(LATER);

        assertThat(again.status()).isEqualTo(WAITING);
        assertThat(again.attemptAt()).isEqualTo(LATER);
        assertThat(again.endedAt()).isNull();
    }

    @Test
    void a_request_is_for_one_attempt_however_long_that_is_held_or_not_called() {
        var atMost = Duration.ofDays(30);
        var again = in(DEAD).redriven(LATER);
        var inFlight = again.held(LATER, atMost).letGo(LATER).inFlight(LATER);
        var begunAnew =
                inFlight.notCalled(2, LATER, WAITING, LATER.plusSeconds(5)).inFlight(LATER.plusSeconds(5));

        assertThat(in(WAITING).onRequest()).as("by the policy").isFalse();
        assertThat(again.onRequest()).isTrue();
        assertThat(begunAnew.onRequest()).isTrue();
        assertThat(after(begunAnew, result(begunAnew, Outcome.TRANSIENT)).onRequest())
                .isFalse();
    }

    @Test
    void what_is_held_again_is_given_up_as_long_after_it_was_first_held_unless_an_operator_had_it_attempted_again() {
        var atMost = Duration.ofDays(30);
        var again = pending().held(DUE, atMost).letGo(LATER).inFlight(LATER);
        var failed = after(again, result(again, Outcome.TRANSIENT));

        assertThat(pending().held(LATER, atMost).attemptAt()).isEqualTo(LATER.plus(atMost));
        assertThat(pending().held(DUE, atMost).letGo(LATER).held(LATER, atMost).attemptAt())
                .isEqualTo(DUE.plus(atMost));
        assertThat(failed.held(LATER, atMost).attemptAt()).isEqualTo(DUE.plus(atMost));
        assertThat(failed.redriven(LATER).held(LATER, atMost).attemptAt()).isEqualTo(LATER.plus(atMost));
    }

    @Test
    void a_call_ends_before_its_deadline_however_late_it_begins() {
        var inFlight = in(IN_FLIGHT);
        var timeout = Deliveries.TIMEOUT;

        assertThat(inFlight.timeLeft(timeout, DUE)).contains(timeout);
        var begun = DUE.plusSeconds(5);
        assertThat(inFlight.timeLeft(timeout, begun))
                .hasValueSatisfying(left -> assertThat(begun.plus(left)).isBefore(inFlight.deadline(timeout)));
        assertThat(inFlight.timeLeft(timeout, DUE.plusSeconds(8))).isEmpty();
    }

    @Test
    void a_call_takes_no_longer_than_any_may_though_the_clock_was_set_back() {
        assertThat(in(IN_FLIGHT).timeLeft(Deliveries.TIMEOUT, DUE.minusSeconds(3_600)))
                .contains(Deliveries.TIMEOUT);
    }

    @ParameterizedTest
    @EnumSource(
            value = DeliveryStatus.class,
            names = {"PENDING", "WAITING", "HELD"})
    void a_recall_ends_what_no_attempt_is_open_for(DeliveryStatus status) {
        var delivery = in(status);

        assertThat(Recall.of(delivery, false, LATER))
                .isInstanceOfSatisfying(
                        Recall.Recalled.class,
                        recalled -> assertThat(recalled.delivery().status()).isEqualTo(RECALLED));
    }

    @Test
    void a_recall_that_is_meant_unless_attempted_is_refused_once_there_was_an_attempt() {
        assertThat(Recall.of(in(PENDING), true, LATER)).isInstanceOf(Recall.Recalled.class);
        assertThat(Recall.of(in(WAITING), true, LATER)).isInstanceOf(Recall.Refused.class);
        assertThat(Recall.of(in(WAITING), false, LATER)).isInstanceOf(Recall.Recalled.class);
    }

    @Test
    void a_recall_is_refused_while_an_attempt_is_open() {
        assertThat(Recall.of(in(IN_FLIGHT), false, LATER))
                .isInstanceOfSatisfying(
                        Recall.Refused.class,
                        refused -> assertThat(refused.delivery().status()).isEqualTo(IN_FLIGHT));
    }

    @ParameterizedTest
    @EnumSource(
            value = DeliveryStatus.class,
            names = {"DELIVERED", "DEAD", "EXPIRED", "RECALLED"})
    void a_recall_of_what_has_ended_tells_the_end_again(DeliveryStatus status) {
        var delivery = in(status);

        assertThat(Recall.of(delivery, false, LATER)).isInstanceOfSatisfying(Recall.Ended.class, ended -> {
            assertThat(ended.delivery().status()).isEqualTo(status);
            assertThat(ended.delivery().version()).isEqualTo(delivery.version() + 1);
        });
    }
}

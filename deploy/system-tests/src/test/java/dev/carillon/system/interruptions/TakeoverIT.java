package dev.carillon.system.interruptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.TwoOfEach;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One of two schedulers, or of two deliveries, frozen past its lease and continued, or killed, in the middle of its work. */
@Order(Integer.MAX_VALUE - 1)
@ExtendWith(TwoOfEach.class)
class TakeoverIT {

    private static final int MESSAGES = 2_000;
    private static final Duration APART = Duration.ofMillis(1);
    /** Staging begins some three seconds after the last message was asked for. */
    private static final Duration FIRST = RunningStack.LEAD.plusSeconds(4);

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final TestStack stack;
    private final Carillon carillon;

    TakeoverIT(TestStack stack) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
    }

    @AfterEach
    void continue_and_start_what_a_test_left() {
        stack.thaw();
        stack.upWithSecondInstances();
    }

    @Test
    void a_scheduler_frozen_past_its_lease_and_then_killed_while_it_stages_loses_nothing_and_nothing_is_staged_twice() {
        try (var staged = new StagedEvents(stack)) {
            var first = new Wave(stack, MESSAGES, FIRST, APART);
            awaitStaged(staged, first, MESSAGES / 4);
            stack.freeze("scheduler-2");
            awaitOneLease("scheduler", "staging");
            awaitStaged(staged, first, MESSAGES);
            stack.thaw();

            var second = new Wave(stack, MESSAGES, FIRST, APART);
            awaitStaged(staged, second, MESSAGES / 4);
            stack.kill("scheduler-2");

            awaitDelivered(first);
            awaitDelivered(second);
            System.out.printf(
                    "scheduler frozen: %d messages, the last %d ms late; killed: %d messages, the last %d ms late%n",
                    first.size(),
                    first.longestLateness().toMillis(),
                    second.size(),
                    second.longestLateness().toMillis());
            assertThatEachWasStagedOnce(staged, first);
            assertThatEachWasStagedOnce(staged, second);
            first.assertThatEachWasDeliveredOnceAndNotEarly();
            second.assertThatEachWasDeliveredOnceAndNotEarly();
        }
    }

    @Test
    void a_delivery_frozen_past_its_lease_while_it_calls_and_continued_repeats_only_open_calls_which_are_flagged() {
        carillon.faults().slowSomeWebhooks();
        try (var burst = new Burst(carillon, Duration.ofSeconds(3))) {
            burst.awaitArrived(Burst.MESSAGES / 4);
            stack.freeze("delivery-2");
            Instant frozen = Instant.now();
            awaitOneLease("delivery", "attempts");
            // By then the other one has given the frozen one's calls up, of which the answers are still in its sockets.
            await().atMost(PATIENCE).until(() -> Instant.now().isAfter(frozen.plus(Burst.LONGEST_CALL)));
            stack.thaw();

            Burst.History history = burst.awaitEnd();
            System.out.println("delivery frozen: " + history.figures());
            assertThat(history.fates())
                    .hasSize(Burst.MESSAGES)
                    .allSatisfy(TakeoverIT::assertThatOnlyWhatIsFlaggedIsRepeated);
        }
    }

    /** A result that comes late is recorded with its attempt, so that no attempt need say that its outcome was unknown; the message does. */
    private static void assertThatOnlyWhatIsFlaggedIsRepeated(Burst.Fate fate) {
        int attempts = fate.delivery().getJsonArray("attempts").size();
        assertThat(fate.message().getString("status")).isEqualTo("delivered");
        assertThat(fate.delivery().getString("status")).isEqualTo("delivered");
        assertThat(fate.lateness()).as("never early").isGreaterThanOrEqualTo(Duration.ZERO);
        assertThat(fate.calls().size()).isBetween(1, attempts);
        if (attempts > 1) {
            assertThat(fate.isFlagged()).as(fate.message().encode()).isTrue();
        }
    }

    private static void awaitStaged(StagedEvents staged, Wave wave, int count) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> staged.of(wave.ids()).size() >= count);
    }

    /** Until the other's has ended. */
    private void awaitOneLease(String service, String kind) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> leases(service, kind) == 1);
    }

    private int leases(String service, String kind) throws SQLException {
        try (var connection = stack.database(service).connect();
                var query = connection.prepareStatement(
                        "SELECT count(*) FROM timer_node WHERE name = ? AND expires_at > clock_timestamp()")) {
            query.setString(1, kind);
            try (var answer = query.executeQuery()) {
                answer.next();
                return answer.getInt(1);
            }
        }
    }

    private static void awaitDelivered(Wave wave) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(wave::hasArrived);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> wave.statuses().getOrDefault("delivered", 0) == wave.size());
    }

    private static void assertThatEachWasStagedOnce(StagedEvents staged, Wave wave) {
        var events = staged.of(wave.ids());
        assertThat(events).hasSize(wave.size());
        assertThat(events).allSatisfy((staging, ids) -> {
            assertThat(staging.generation()).isEqualTo(1);
            assertThat(ids).hasSize(1);
        });
    }
}

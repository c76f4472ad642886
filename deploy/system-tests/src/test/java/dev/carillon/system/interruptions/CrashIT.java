package dev.carillon.system.interruptions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.RevivedStack;
import dev.carillon.system.stack.TestStack;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code kill -9} of one process in the middle of 500 messages; then {@code up}, which starts what is not running. */
@ExtendWith(RevivedStack.class)
class CrashIT {

    private static final int HALF = Burst.MESSAGES / 2;
    private static final int SOME = Burst.MESSAGES / 4;
    private static final Duration SOON = Duration.ofSeconds(3);

    private final TestStack stack;
    private final Carillon carillon;

    CrashIT(TestStack stack) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
    }

    @Test
    void a_scheduler_killed_while_it_accepts_and_stages_loses_nothing_and_repeats_nothing() {
        // Around the 20 seconds before the instant at which messages are staged.
        try (var burst = new Burst(carillon, Duration.ofSeconds(17))) {
            burst.awaitAccepted(HALF);
            stack.crash("scheduler");

            burst.awaitEndAfter("scheduler killed").assertThatNothingIsRepeated();
        }
    }

    @Test
    void a_relay_killed_while_it_publishes_loses_nothing_and_repeats_nothing() {
        try (var burst = new Burst(carillon, SOON)) {
            burst.awaitAccepted(HALF);
            stack.crash("outbox-relay");

            burst.awaitEndAfter("outbox-relay killed").assertThatNothingIsRepeated();
        }
    }

    @Test
    void a_delivery_killed_while_it_calls_loses_nothing_and_repeats_only_open_calls_which_it_flags() {
        carillon.faults().slowSomeWebhooks();
        try (var burst = new Burst(carillon, SOON)) {
            burst.awaitArrived(SOME);
            Instant crash = stack.crash("delivery");

            Burst.History history = burst.awaitEndAfter("delivery killed");
            assertThat(history.unknown()).isPositive();
            history.assertThatTheUnknownWereOpenAt(List.of(crash));
        }
    }

    @Test
    void a_broker_killed_while_events_flow_loses_nothing_and_repeats_nothing() {
        try (var burst = new Burst(carillon, SOON)) {
            burst.awaitAccepted(HALF);
            stack.crash("kafka");

            burst.awaitEndAfter("kafka killed").assertThatNothingIsRepeated();
        }
    }

    @Test
    void a_database_killed_while_calls_are_made_loses_nothing_and_repeats_nothing_in_silence() {
        try (var burst = new Burst(carillon, SOON)) {
            burst.awaitArrived(SOME);
            Instant crash = stack.crash("postgres");

            burst.awaitEndAfter("postgres killed").assertThatTheUnknownWereOpenAt(List.of(crash));
        }
    }
}

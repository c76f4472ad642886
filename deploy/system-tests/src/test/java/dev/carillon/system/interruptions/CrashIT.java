package dev.carillon.system.interruptions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code kill -9} of one process in the middle of 500 messages; then {@code up}, which starts what is not running. */
@ExtendWith(RunningStack.class)
class CrashIT {

    private static final int HALF = Burst.MESSAGES / 2;
    private static final int SOME = Burst.MESSAGES / 4;
    private static final Duration SOON = Duration.ofSeconds(3);
    private static final Duration LONGEST_CALL = Duration.ofSeconds(6);

    private final TestStack stack;
    private final Carillon carillon;

    CrashIT(TestStack stack) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
    }

    @AfterEach
    void start_what_a_failed_test_left_dead() {
        stack.up();
    }

    @Test
    void a_scheduler_killed_while_it_accepts_and_stages_loses_nothing_and_repeats_nothing() {
        // Around the 20 seconds before the instant at which messages are staged.
        try (var burst = new Burst(carillon, Duration.ofSeconds(17))) {
            burst.awaitAccepted(HALF);
            crash("scheduler");

            Burst.History history = burst.awaitEnd();
            System.out.println("scheduler killed: " + history.figures());
            history.assertThatNothingIsLostEarlyOrRepeatedInSilence();
            history.assertThatNothingIsRepeated();
        }
    }

    @Test
    void a_relay_killed_while_it_publishes_loses_nothing_and_repeats_nothing() {
        try (var burst = new Burst(carillon, SOON)) {
            burst.awaitAccepted(HALF);
            crash("outbox-relay");

            Burst.History history = burst.awaitEnd();
            System.out.println("outbox-relay killed: " + history.figures());
            history.assertThatNothingIsLostEarlyOrRepeatedInSilence();
            history.assertThatNothingIsRepeated();
        }
    }

    @Test
    void a_delivery_killed_while_it_calls_loses_nothing_and_repeats_only_open_calls_which_it_flags() {
        // Some receivers take their time, so that calls are open whenever the kill comes.
        carillon.faults()
                .inject(new JsonObject()
                        .put("channel", "webhook")
                        .put("mode", "slow")
                        .put("delay", "PT2S")
                        .put("share", 0.1));
        try (var burst = new Burst(carillon, SOON)) {
            burst.awaitArrived(SOME);
            Instant crash = crash("delivery");

            Burst.History history = burst.awaitEnd();
            System.out.println("delivery killed: " + history.figures());
            history.assertThatNothingIsLostEarlyOrRepeatedInSilence();
            assertThat(history.unknown()).isPositive();
            history.assertThatTheUnknownWereOpenAt(crash, LONGEST_CALL);
        }
    }

    @Test
    void a_broker_killed_while_events_flow_loses_nothing_and_repeats_nothing() {
        try (var burst = new Burst(carillon, SOON)) {
            burst.awaitAccepted(HALF);
            crash("kafka");

            Burst.History history = burst.awaitEnd();
            System.out.println("kafka killed: " + history.figures());
            history.assertThatNothingIsLostEarlyOrRepeatedInSilence();
            history.assertThatNothingIsRepeated();
        }
    }

    @Test
    void a_database_killed_while_calls_are_made_loses_nothing_and_repeats_nothing_in_silence() {
        try (var burst = new Burst(carillon, SOON)) {
            burst.awaitArrived(SOME);
            Instant crash = crash("postgres");

            Burst.History history = burst.awaitEnd();
            System.out.println("postgres killed: " + history.figures());
            history.assertThatNothingIsLostEarlyOrRepeatedInSilence();
            history.assertThatTheUnknownWereOpenAt(crash, LONGEST_CALL);
        }
    }

    private Instant crash(String name) {
        stack.kill(name);
        Instant crash = Instant.now();
        stack.up();
        return crash;
    }
}

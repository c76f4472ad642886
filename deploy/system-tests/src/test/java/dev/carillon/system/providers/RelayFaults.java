package dev.carillon.system.providers;

import static dev.carillon.system.providers.FaultScene.ATTEMPTS;
import static dev.carillon.system.providers.FaultScene.TOGETHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.carillon.system.drills.Drill;
import dev.carillon.system.drills.DrillHistory;
import dev.carillon.system.outside.RelayEntrance;
import dev.carillon.system.outside.RelayTrouble;
import dev.carillon.system.stack.RunningStack;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DynamicTest;

/**
 * A relay that fails in one way after another and then works: over before the other drills begin, so that nothing of it counts for them. Whoever asks for it sends
 * good mail before: beside that, these failures are too few for the relay's breaker.
 */
record RelayFaults(FaultScene scene) {

    private static final String RELAY = "smtp-relay";
    private static final int FEW = 3;

    /** How long it fails in one way, and when in that time mail is sent. Nothing that has failed comes back before all of them are over. */
    private static final Duration SPELL = Duration.ofSeconds(2);

    private static final Duration MEANWHILE = Duration.ofMillis(800);

    DynamicTest foundAgain() {
        RelayEntrance relay = RunningStack.RELAY;
        Instant begin = scene.start().minusSeconds(36);
        Drill hanging = during(begin, "a relay that hangs", () -> relay.fails(RelayTrouble.HANGS));
        Drill dripping = during(begin.plus(SPELL), "a relay that drips", () -> relay.fails(RelayTrouble.DRIPS));
        Drill resetting = during(
                begin.plus(SPELL.multipliedBy(2)), "a relay that resets", () -> relay.fails(RelayTrouble.RESETS));
        Drill refusing = during(begin.plus(SPELL.multipliedBy(3)), "a relay that is away", relay::isAway);
        scene.at(begin.plus(SPELL.multipliedBy(4)), relay::works);
        assertThat(Instant.now()).as("asked for before the beginning").isBefore(begin);
        return dynamicTest("a relay that hung, dripped, reset and was away gets each mail once when it works", () -> {
            assertThatEachWasTakenAtItsSecondAttempt(hanging, "timeout", true);
            assertThatEachWasTakenAtItsSecondAttempt(dripping, "timeout", true);
            assertThatEachWasTakenAtItsSecondAttempt(resetting, "connection-lost", true);
            assertThatEachWasTakenAtItsSecondAttempt(refusing, "connection-refused", false);
            assertThat(scene.watch().openings(RELAY))
                    .filteredOn(opening ->
                            opening.since().isAfter(begin) && opening.since().isBefore(scene.start()))
                    .as("so few are no outage")
                    .isEmpty();
        });
    }

    private Drill during(Instant begin, String what, Runnable trouble) {
        scene.at(begin, trouble);
        return Drill.mail(scene.carillon(), what).ask(begin.plus(MEANWHILE), TOGETHER, FEW);
    }

    /** @param mayHaveArrived for all that its sender knows */
    private void assertThatEachWasTakenAtItsSecondAttempt(Drill drill, String reason, boolean mayHaveArrived) {
        DrillHistory history = drill.awaitEnd();
        scene.tell(history, RELAY);
        history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
        history.assertThatAllEnded("delivered");
        history.assertThatAllHadAttempts(2);
        history.assertThatFailuresAre(reason, 0);
        assertThat(history.fates())
                .allSatisfy(fate -> assertThat(fate.possiblyDelivered()).isEqualTo(mayHaveArrived));
        assertThat(scene.mailCalls(drill)).hasSize(FEW).allSatisfy((id, calls) -> assertThat(calls)
                .containsExactly(true));
    }
}

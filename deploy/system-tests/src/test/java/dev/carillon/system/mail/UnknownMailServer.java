package dev.carillon.system.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.carillon.system.drills.Drill;
import dev.carillon.system.drills.DrillHistory;
import dev.carillon.system.drills.DrillHistory.Budget;
import dev.carillon.system.drills.DrillHistory.Fate;
import dev.carillon.system.drills.StandingWatch;
import dev.carillon.system.drills.StandingWatch.Opening;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.RunningStack;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;

/**
 * A mail server whose name is not found until the breaker has opened. For a delivery that was just started: it remembers no address of that name, and its breaker
 * and budget are new.
 *
 * @param attempts the policy's
 * @param retryWait the policy's
 */
record UnknownMailServer(Carillon carillon, MailServer mail, int attempts, Duration retryWait) {

    private static final String RELAY = "smtp-relay";
    /** Enough to open a breaker. */
    private static final int LETTERS = 15;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PROBE_IS_MADE = Duration.ofSeconds(5);

    /** Waits until all letters to this address have ended: from then on the server is found. */
    DynamicTest foundAgain(String address) {
        try (var watch = new StandingWatch(carillon)) {
            Drill drill = Drill.mail(carillon, "a mail server that is not found at first", address)
                    .ask(Instant.now().plusSeconds(1), Duration.ZERO, LETTERS);
            // The first looks may fail, see StandingWatch.
            await("the relay's breaker is open")
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> !watch.openings(RELAY).isEmpty());
            RunningStack.NAMES.put(mail.host(), InetAddress.getLoopbackAddress());
            Instant found = Instant.now();
            DrillHistory history = drill.awaitEnd();
            List<Opening> openings = watch.openings(RELAY);
            Budget budget = Budget.ofNew(watch.now(RELAY));
            System.out.println(history.figures(openings));
            return dynamicTest(
                    "one that is not found for a while gets each letter once, from the next probe on", () -> {
                        assertThatItWasLeftAlone(history, openings, budget);
                        history.assertThatItRecoversAtTheNextProbe(found, openings, PROBE_IS_MADE);
                        assertThatEachWasTakenOnce(history);
                    });
        }
    }

    private void assertThatItWasLeftAlone(DrillHistory history, List<Opening> openings, Budget budget) {
        history.assertThatEachEndedByThePolicy(attempts, retryWait);
        history.assertThatAllEnded("delivered");
        history.assertThatFailuresAre("host-not-found", 0);
        history.assertThatRetriesKeepTo(budget);
        history.assertThatOnlyProbesBeganOnceItHadOpened(openings);
    }

    private void assertThatEachWasTakenOnce(DrillHistory history) throws IOException {
        assertThat(history.fates()).noneMatch(Fate::possiblyDelivered);
        List<String> sent =
                history.fates().stream().map(fate -> fate.id() + ".1@carillon").toList();
        assertThat(mail.taken()).filteredOn(sent::contains).containsExactlyInAnyOrderElementsOf(sent);
    }
}

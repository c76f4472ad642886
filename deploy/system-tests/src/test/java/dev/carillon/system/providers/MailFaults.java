package dev.carillon.system.providers;

import static dev.carillon.system.providers.FaultScene.ATTEMPTS;
import static dev.carillon.system.providers.FaultScene.BURST;
import static dev.carillon.system.providers.FaultScene.TOGETHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.carillon.system.drills.Drill;
import dev.carillon.system.drills.DrillHistory;
import dev.carillon.system.drills.DrillHistory.Budget;
import dev.carillon.system.drills.StandingWatch.Opening;
import dev.carillon.system.stack.RunningStack;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;

/** The one relay, which all mail shares. */
record MailFaults(FaultScene scene) {

    private static final String RELAY = "smtp-relay";

    DynamicTest refusedAndThenPutOff() {
        Instant begin = scene.next();
        // Not before: until then there is mail of others.
        scene.at(begin.minusSeconds(5), () -> scene.carillon().faults().refuse("email", 550));
        Drill refused = Drill.mail(scene.carillon(), "SMTP 550")
                .ask(begin, TOGETHER, BURST)
                .ask(begin, Duration.ofMillis(100), 40);
        return dynamicTest("refused mail is given up at once, and mail that is put off goes out later", () -> {
            DrillHistory history = refused.awaitEnd();
            scene.tell(history, RELAY);
            history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
            history.assertThatAllEnded("dead");
            history.assertThatAllHadAttempts(1);
            history.assertThatFailuresAre("rejected", 550);
            history.assertThatTheReceiverSawEachAttempt(scene.mailCalls(refused));
            assertThat(openingsSince(begin)).as("it works").isEmpty();
            putOff();
        });
    }

    private void putOff() {
        Budget budget = Budget.of(scene.watch().now(RELAY));
        Instant begin = Instant.now().plusSeconds(2);
        scene.carillon()
                .faults()
                .inject(new JsonObject()
                        .put("channel", "email")
                        .put("mode", "error")
                        .put("status", 451)
                        .put("for", "PT6S"));
        Drill drill = Drill.mail(scene.carillon(), "SMTP 451, then 250")
                .ask(begin, TOGETHER, BURST)
                .ask(begin, Duration.ofMillis(300), 40);
        DrillHistory history = drill.awaitEnd();
        scene.tell(history, RELAY);
        history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
        history.assertThatAllEnded("delivered");
        history.assertThatFailuresAre("provider-failed", 451);
        history.assertThatRetriesKeepTo(budget);
        // Whether the relay's breaker opens depends on how much it has answered well in the half minute before.
        // ProviderRecoveryIT has none before.
        history.assertThatTheReceiverSawEachAttempt(scene.mailCalls(drill));
    }

    private List<Opening> openingsSince(Instant begin) {
        return scene.watch().openings(RELAY).stream()
                .filter(opening -> opening.since().isAfter(begin))
                .toList();
    }
}

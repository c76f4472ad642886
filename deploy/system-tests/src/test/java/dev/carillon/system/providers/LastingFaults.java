package dev.carillon.system.providers;

import static dev.carillon.system.providers.FaultScene.ATTEMPTS;
import static dev.carillon.system.providers.FaultScene.BURST;
import static dev.carillon.system.providers.FaultScene.FOR_EVER;
import static dev.carillon.system.providers.FaultScene.TOGETHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.carillon.system.drills.Drill;
import dev.carillon.system.drills.DrillHistory;
import dev.carillon.system.drills.DrillHistory.Budget;
import dev.carillon.system.drills.StandingWatch.Opening;
import dev.carillon.system.outside.ClosedPort;
import dev.carillon.system.outside.Misbehaviour;
import dev.carillon.system.stack.RunningStack;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;

/** Receivers that never work. */
record LastingFaults(FaultScene scene) {

    /** Three messages each: too few for a breaker. */
    DynamicTest threeTimes() throws IOException {
        Instant begin = scene.next();
        Map<Drill, String> reasons = Map.of(
                three(begin, "hangs for ever", url(Misbehaviour.HANGS)),
                "timeout",
                three(begin, "drips for ever", url(Misbehaviour.DRIPS_ITS_HEAD)),
                "timeout",
                three(begin, "resets for ever", url(Misbehaviour.RESETS)),
                "connection-lost",
                three(begin, "nobody there", FaultScene.url(ClosedPort.any())),
                "connection-refused",
                three(begin, "no such name", scene.withoutAddress("")),
                "host-not-found",
                three(begin, "no TLS", withoutTls()),
                "tls-failed",
                three(begin, "a certificate that nobody vouches for", FaultScene.secure(scene.selfSigned())),
                "tls-failed");
        return dynamicTest("what fails three times is dead, and says of what", () -> {
            for (Map.Entry<Drill, String> one : reasons.entrySet()) {
                DrillHistory history = one.getKey().awaitEnd();
                scene.tell(history, "");
                history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
                history.assertThatAllEnded("dead");
                history.assertThatAllHadAttempts(ATTEMPTS);
                history.assertThatFailuresAre(one.getValue(), 0);
            }
        });
    }

    private Drill three(Instant begin, String what, String url) {
        return scene.webhooks(what, url).ask(begin, TOGETHER, 3);
    }

    private String url(Misbehaviour misbehaviour) throws IOException {
        return FaultScene.url(scene.receiver(misbehaviour, FOR_EVER));
    }

    private String withoutTls() throws IOException {
        return FaultScene.secure(scene.receiver(Misbehaviour.SPEAKS_FIRST, FOR_EVER));
    }

    DynamicTest unknownNameOutOfTime() {
        return outOfTime("a name that is not found", scene.withoutAddress("another-"), "host-not-found");
    }

    DynamicTest withoutTlsOutOfTime() throws IOException {
        return outOfTime("one without TLS", withoutTls(), "tls-failed");
    }

    private DynamicTest outOfTime(String what, String url, String reason) {
        Instant begin = scene.next();
        Instant expiry = begin.plusSeconds(24);
        Drill drill = scene.webhooks(what, url)
                .ask(begin, TOGETHER, BURST, expiry)
                .ask(begin, Duration.ofMillis(400), 45, expiry);
        return dynamicTest(what + " costs some attempts, and the rest expires unattempted", () -> {
            DrillHistory history = drill.awaitEnd();
            List<Opening> openings = scene.tell(history, standing(url));
            history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
            history.assertThatFailuresAre(reason, 0);
            history.assertThatRetriesKeepTo(Budget.ofNew(scene.watch().now(standing(url))));
            history.assertThatOnlyProbesBeganOnceItHadOpened(openings);
            assertThat(history.fates()).anySatisfy(fate -> {
                assertThat(fate.status()).isEqualTo("expired");
                assertThat(fate.attempts()).isEmpty();
            });
        });
    }

    /** What it is called where it stands; the port is always told. */
    private static String standing(String url) {
        return url.replace(".invalid/", ".invalid:80/");
    }
}

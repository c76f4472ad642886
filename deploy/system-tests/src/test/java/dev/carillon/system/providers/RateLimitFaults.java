package dev.carillon.system.providers;

import static dev.carillon.system.providers.FaultScene.ATTEMPTS;
import static dev.carillon.system.providers.FaultScene.TOGETHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.carillon.system.drills.Drill;
import dev.carillon.system.drills.DrillHistory;
import dev.carillon.system.drills.DrillHistory.Budget;
import dev.carillon.system.stack.RunningStack;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.DynamicTest;

/** Those who work, and ask to be left alone for a while. */
record RateLimitFaults(FaultScene scene) {

    DynamicTest thatSaysHowLong() {
        var asked = Duration.ofSeconds(9);
        Drill drill =
                limited("limit", new JsonObject().put("mode", "rate-limit").put("retryAfter", asked.toString()));
        return dynamicTest("a rate limit is obeyed for as long as it says", () -> {
            assertThatItIsObeyed(drill, "limit", asked).assertThatNoneBeganWithin(asked);
            assertThat(scene.watch().sawPauseOf(scene.url("limit"))).isTrue();
        });
    }

    DynamicTest thatDoesNotSay() {
        Drill drill =
                limited("bare-limit", new JsonObject().put("mode", "error").put("status", 429));
        return dynamicTest(
                "a rate limit that does not say how long is obeyed, too",
                () -> assertThatItIsObeyed(drill, "bare-limit", RunningStack.RETRY_WAIT));
    }

    private Drill limited(String path, JsonObject fault) {
        Instant begin = scene.next();
        scene.fault(path, fault, begin.plusSeconds(4));
        return scene.webhooks(path).ask(begin, TOGETHER, 30).ask(begin, Duration.ofMillis(250), 30);
    }

    private DrillHistory assertThatItIsObeyed(Drill drill, String path, Duration wait) {
        DrillHistory history = drill.awaitEnd();
        String url = scene.url(path);
        assertThat(scene.tell(history, url)).as("it works").isEmpty();
        history.assertThatEachEndedByThePolicy(ATTEMPTS, wait);
        history.assertThatAllEnded("delivered");
        history.assertThatFailuresAre("rate-limited", 429);
        history.assertThatRetriesKeepTo(Budget.ofNew(scene.watch().now(url)));
        history.assertThatTheReceiverSawEachAttempt(scene.webhookCalls(drill));
        return history;
    }
}

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
import dev.carillon.system.outside.ClosedPort;
import dev.carillon.system.outside.Misbehaviour;
import dev.carillon.system.outside.WaywardReceiver;
import dev.carillon.system.stack.RunningStack;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DynamicTest;

/** Receivers that fail for a while, are left alone, and are found again. */
record PassingFaults(FaultScene scene) {

    private static final Duration LONGEST_OPEN = Duration.ofMinutes(1);
    private static final Duration PROBE_IS_MADE = Duration.ofSeconds(5);
    private static final Duration LONGEST_CALL = Duration.ofSeconds(5);

    DynamicTest outage() {
        int seconds = 25;
        Instant begin = scene.next();
        Instant end = begin.plusSeconds(seconds);
        scene.fault("outage", new JsonObject().put("mode", "error").put("status", 503), end);
        Drill drill = scene.webhooks("outage").ask(begin, TOGETHER, BURST).ask(begin, Duration.ofMillis(400), 85);
        return dynamicTest("an outage of " + seconds + " seconds costs probes, and is over at the next", () -> {
            DrillHistory history = drill.awaitEnd();
            String url = scene.url("outage");
            List<Opening> openings = assertThatItWasLeftAlone(history, url, "provider-failed", 503);
            history.assertThatItRecoversAtTheNextProbe(end, openings, PROBE_IS_MADE);
            history.assertThatTheReceiverSawEachAttempt(scene.webhookCalls(drill));
            assertThat(openings).allSatisfy(one -> assertThat(Duration.between(one.since(), one.until()))
                    .isLessThanOrEqualTo(LONGEST_OPEN));
            assertThat(scene.watch().now(url).getJsonObject("breaker").getString("state"))
                    .isEqualTo("closed");
        });
    }

    DynamicTest hanging() throws IOException {
        return foundAgain("hangs", Misbehaviour.HANGS, "timeout");
    }

    DynamicTest drippingHead() throws IOException {
        return foundAgain("drips its headers", Misbehaviour.DRIPS_ITS_HEAD, "timeout");
    }

    DynamicTest resetting() throws IOException {
        return foundAgain("resets", Misbehaviour.RESETS, "connection-lost");
    }

    private DynamicTest foundAgain(String what, Misbehaviour misbehaviour, String reason) throws IOException {
        Instant begin = scene.next();
        Instant end = begin.plusSeconds(12);
        WaywardReceiver receiver = scene.receiver(misbehaviour, end);
        Drill drill = scene.webhooks(what, receiver)
                .ask(begin, TOGETHER, BURST)
                .ask(begin.plusSeconds(6), Duration.ofMillis(600), 40);
        return dynamicTest("one that " + what + " is found again", () -> {
            DrillHistory history = drill.awaitEnd();
            assertThatItWasLeftAloneAndFoundAgain(history, FaultScene.url(receiver), reason, end);
            history.assertThatRepetitionsAreFlagged(receiver.requests());
        });
    }

    DynamicTest refusing() {
        int port = ClosedPort.any();
        String url = FaultScene.url(port);
        Instant begin = scene.next();
        Instant end = begin.plusSeconds(10);
        Drill drill = scene.webhooks("refused", url).ask(begin, TOGETHER, BURST).ask(begin, Duration.ofMillis(500), 40);
        CompletableFuture<WaywardReceiver> opened = CompletableFuture.supplyAsync(
                () -> opened(port),
                CompletableFuture.delayedExecutor(
                        Duration.between(Instant.now(), end).toMillis(), TimeUnit.MILLISECONDS));
        return dynamicTest("one that refuses connections is found again", () -> {
            DrillHistory history = drill.awaitEnd();
            assertThatItWasLeftAloneAndFoundAgain(history, url, "connection-refused", end);
            history.assertThatRepetitionsAreFlagged(opened.get().requests());
        });
    }

    private WaywardReceiver opened(int port) {
        try {
            return scene.receiverAt(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertThatItWasLeftAloneAndFoundAgain(DrillHistory history, String url, String reason, Instant ended) {
        List<Opening> openings = assertThatItWasLeftAlone(history, url, reason, 0);
        history.assertThatItRecoversAtAProbe(ended, LONGEST_CALL, openings, PROBE_IS_MADE);
    }

    private List<Opening> assertThatItWasLeftAlone(
            DrillHistory history, String url, String reason, int providerStatus) {
        List<Opening> openings = scene.tell(history, url);
        history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
        history.assertThatAllEnded("delivered");
        history.assertThatFailuresAre(reason, providerStatus);
        history.assertThatRetriesKeepTo(Budget.ofNew(scene.watch().now(url)));
        history.assertThatOnlyProbesBeganOnceItHadOpened(openings);
        return openings;
    }
}

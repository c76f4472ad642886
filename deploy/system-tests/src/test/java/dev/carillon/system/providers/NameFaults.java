package dev.carillon.system.providers;

import static dev.carillon.system.providers.FaultScene.ATTEMPTS;
import static dev.carillon.system.providers.FaultScene.BURST;
import static dev.carillon.system.providers.FaultScene.FOR_EVER;
import static dev.carillon.system.providers.FaultScene.TOGETHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.carillon.system.drills.Drill;
import dev.carillon.system.drills.DrillHistory;
import dev.carillon.system.drills.DrillHistory.Budget;
import dev.carillon.system.drills.StandingWatch.Opening;
import dev.carillon.system.outside.Inside;
import dev.carillon.system.outside.Misbehaviour;
import dev.carillon.system.outside.WaywardReceiver;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.ServiceLog;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;

/**
 * A name that is not found for a while, and what leads to a private address: a name from the beginning on, a name that meant an allowed address before, and a
 * redirect.
 *
 * @param inside who would be called there
 */
record NameFaults(FaultScene scene, List<WaywardReceiver> inside) {

    private static final int FEW = 3;
    private static final Duration PROBE_IS_MADE = Duration.ofSeconds(5);

    /** For so long it is believed that a name stands for an address (KnownHosts, and the JVM by default), and a while longer. */
    private static final Duration REMEMBERED = Duration.ofSeconds(45);

    /** For so long it is believed that there is no such name. */
    private static final Duration BELIEVED = Duration.ofSeconds(10);

    static NameFaults of(FaultScene scene) throws IOException {
        return new NameFaults(scene, scene.receiversInside());
    }

    DynamicTest foundAgain() throws IOException {
        int later = 40;
        Instant begin = scene.start().plusMillis(750);
        Instant end = begin.plusSeconds(8);
        WaywardReceiver receiver = scene.receiver(Misbehaviour.NONE, begin);
        String name = scene.name("comes-back");
        String url = FaultScene.url(name, receiver.port());
        Drill drill = scene.webhooks("a name that is not found at first", url)
                .ask(begin, TOGETHER, BURST)
                .ask(begin, Duration.ofMillis(500), later);
        scene.at(end, () -> RunningStack.NAMES.put(name, InetAddress.getLoopbackAddress()));
        return dynamicTest("a name that is not found for a while is found again, and gets everything once", () -> {
            DrillHistory history = drill.awaitEnd();
            List<Opening> openings = scene.tell(history, url);
            history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
            history.assertThatAllEnded("delivered");
            history.assertThatFailuresAre("host-not-found", 0);
            history.assertThatRetriesKeepTo(Budget.ofNew(scene.watch().now(url)));
            history.assertThatOnlyProbesBeganOnceItHadOpened(openings);
            history.assertThatItRecoversAtAProbe(end, BELIEVED, openings, PROBE_IS_MADE);
            assertThatEachCameOnce(receiver, BURST + later);
        });
    }

    /** The scheduler takes them: it asks nobody what a name stands for. */
    DynamicTest leadingInside() {
        String name = scene.name("inside");
        RunningStack.NAMES.put(name, Inside.ADDRESS);
        Drill drill = scene.webhooks("a name for a private address", FaultScene.url(name, Inside.PORT))
                .ask(scene.next(), TOGETHER, FEW);
        return dynamicTest(
                "a name for a private address is not called", () -> assertThatNobodyWasCalledInside(drill, name));
    }

    /** What it means now counts for messages that were asked for while it meant something else. */
    DynamicTest rebound() throws IOException {
        WaywardReceiver allowed = scene.receiverAt(Inside.PORT);
        String name = scene.name("rebound");
        String url = FaultScene.url(name, Inside.PORT);
        RunningStack.NAMES.put(name, InetAddress.getLoopbackAddress());
        Instant first = scene.start().minusSeconds(20);
        Drill before = scene.webhooks("a name for an allowed address", url).ask(first, TOGETHER, FEW);
        Drill after = scene.webhooks("a name for another address than before", url)
                .ask(first.plus(REMEMBERED), TOGETHER, FEW);
        scene.at(first.plusSeconds(10), () -> RunningStack.NAMES.put(name, Inside.ADDRESS));
        return dynamicTest("a name that stands for a private address since is not called any more", () -> {
            DrillHistory history = before.awaitEnd();
            history.assertThatAllEnded("delivered");
            history.assertThatAllHadAttempts(1);
            assertThatNobodyWasCalledInside(after, name);
            assertThatEachCameOnce(allowed, FEW);
        });
    }

    DynamicTest redirectedInside() throws IOException {
        WaywardReceiver receiver = scene.receiver(Misbehaviour.POINTS_INSIDE, FOR_EVER);
        Drill drill =
                scene.webhooks("a redirect to a private address", receiver).ask(scene.next(), TOGETHER, FEW);
        return dynamicTest("a redirect to a private address is not followed", () -> {
            assertThatItIsGivenUpAtOnce(drill, "redirected", 307);
            assertThatEachCameOnce(receiver, FEW);
        });
    }

    /** To be asked for before them, and looked at after them. */
    DynamicTest counted() {
        double before = refusals();
        return dynamicTest("what leads to a private address is counted", () -> await().untilAsserted(
                        () -> assertThat(refusals() - before).isEqualTo(2.0 * FEW)));
    }

    private double refusals() {
        return scene.refused().ofRange("private");
    }

    private void assertThatNobodyWasCalledInside(Drill drill, String name) {
        List<String> deliveries = assertThatItIsGivenUpAtOnce(drill, "destination-refused", 0);
        assertThat(scene.log().linesWith("(range: private)"))
                .as("one a second is told of")
                .extracting(line -> line.getString("message"))
                .anyMatch(said -> deliveries.stream().anyMatch(said::contains));
        assertThat(scene.log().linesWith(name)).as("without its URL").isEmpty();
    }

    /** The log tells of each, with its reason. Returns the deliveries' ids. */
    private List<String> assertThatItIsGivenUpAtOnce(Drill drill, String reason, int providerStatus) {
        DrillHistory history = drill.awaitEnd();
        scene.tell(history, "");
        history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
        history.assertThatAllEnded("dead");
        history.assertThatAllHadAttempts(1);
        history.assertThatFailuresAre(reason, providerStatus);
        assertThat(inside).allSatisfy(one -> assertThat(one.connections()).isZero());
        return history.fates().stream()
                .map(fate -> String.valueOf(deadLetter(fate.id(), reason).get("deliveryId")))
                .toList();
    }

    private Map<String, Object> deadLetter(String message, String reason) {
        List<JsonObject> lines = await("the line about message " + message)
                .until(
                        () -> scene.log().linesWith(message).stream()
                                .filter(line -> "carillon.deliveries".equals(line.getString("loggerName")))
                                .toList(),
                        found -> !found.isEmpty());
        Map<String, Object> fields = ServiceLog.fields(lines.getFirst());
        assertThat(lines).hasSize(1);
        assertThat(fields).containsEntry("reason", reason).containsEntry("status", "dead");
        return fields;
    }

    private static void assertThatEachCameOnce(WaywardReceiver receiver, int messages) {
        assertThat(receiver.requests()).hasSize(messages).allSatisfy((id, times) -> assertThat(times)
                .isEqualTo(1));
    }
}

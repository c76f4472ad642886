package dev.carillon.system.providers;

import static dev.carillon.system.providers.FaultScene.ATTEMPTS;
import static dev.carillon.system.providers.FaultScene.FOR_EVER;
import static dev.carillon.system.providers.FaultScene.TOGETHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.carillon.system.drills.Drill;
import dev.carillon.system.drills.DrillHistory;
import dev.carillon.system.drills.DrillHistory.Budget;
import dev.carillon.system.outside.Misbehaviour;
import dev.carillon.system.outside.WaywardReceiver;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Every way in which a provider fails, each to a destination of its own, and all of them at the same time on one stack: with retries after six seconds,
 * calls of five seconds at most, and breakers and budgets as they are by default.
 */
// Before others have saved up retries for the relay, which all mail shares.
@Order(3)
@ExtendWith(RunningStack.class)
class ProviderFaultsIT {

    private static final Duration AHEAD = Duration.ofSeconds(45);

    private final FaultScene scene;

    ProviderFaultsIT(TestStack stack) {
        this.scene = new FaultScene(stack, Instant.now().plus(AHEAD));
    }

    @AfterEach
    void close() throws IOException {
        scene.close();
    }

    /** All is asked for at first, and what came of it is looked at one after another. */
    @TestFactory
    List<DynamicTest> whoever_fails_is_left_alone_and_everything_ends_as_the_policy_says() throws IOException {
        warmUpMail();
        DynamicTest relay = new RelayFaults(scene).foundAgain();
        warmUpWebhooks();
        NameFaults names = NameFaults.of(scene);
        DynamicTest counted = names.counted();
        DynamicTest rebound = names.rebound();
        DynamicTest unknownAtFirst = names.foundAgain();
        var passing = new PassingFaults(scene);
        var lasting = new LastingFaults(scene);
        var limits = new RateLimitFaults(scene);
        DynamicTest outage = passing.outage();
        DynamicTest hanging = passing.hanging();
        DynamicTest drippingHead = passing.drippingHead();
        DynamicTest someErrors = someErrors();
        DynamicTest resetting = passing.resetting();
        DynamicTest refusing = passing.refusing();
        DynamicTest threeTimes = lasting.threeTimes();
        DynamicTest unknownName = lasting.unknownNameOutOfTime();
        DynamicTest withoutTls = lasting.withoutTlsOutOfTime();
        DynamicTest limitThatSaysHowLong = limits.thatSaysHowLong();
        DynamicTest limitThatDoesNotSay = limits.thatDoesNotSay();
        DynamicTest drippingBody = drippingBody();
        DynamicTest healthy = healthy();
        DynamicTest mail = new MailFaults(scene).refusedAndThenPutOff();
        DynamicTest leadingInside = names.leadingInside();
        DynamicTest redirectedInside = names.redirectedInside();
        assertThat(Instant.now()).as("all is asked for before the beginning").isBefore(scene.start());
        return List.of(
                relay,
                mail,
                healthy,
                limitThatSaysHowLong,
                limitThatDoesNotSay,
                drippingBody,
                refusing,
                resetting,
                hanging,
                drippingHead,
                threeTimes,
                unknownName,
                withoutTls,
                someErrors,
                unknownAtFirst,
                leadingInside,
                redirectedInside,
                rebound,
                counted,
                outage);
    }

    /** What runs for the first time is no measure of who answers in time. */
    private void warmUpMail() {
        Drill.mail(scene.carillon(), "first mail").ask(Instant.now().plusSeconds(2), Duration.ofMillis(100), 50);
    }

    private void warmUpWebhooks() {
        scene.webhooks("first").ask(scene.start().minusSeconds(25), Duration.ofMillis(60), 300);
    }

    private DynamicTest healthy() {
        Drill drill = scene.webhooks("none").ask(scene.start(), Duration.ofMillis(500), 80);
        return dynamicTest("everybody else gets everything at the first attempt", () -> {
            DrillHistory history = drill.awaitEnd();
            scene.tell(history, scene.url("none"));
            history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
            history.assertThatAllEnded("delivered");
            history.assertThatAllHadAttempts(1);
            history.assertThatTheReceiverSawEachAttempt(scene.webhookCalls(drill));
        });
    }

    private DynamicTest drippingBody() throws IOException {
        WaywardReceiver receiver = scene.receiver(Misbehaviour.DRIPS_ITS_BODY, FOR_EVER);
        // As many as it has connections: all are called at once.
        Drill drill = scene.webhooks("a body that drips", receiver).ask(scene.next(), TOGETHER, 30);
        return dynamicTest("one whose answer drips after its status has given it", () -> {
            DrillHistory history = drill.awaitEnd();
            scene.tell(history, FaultScene.url(receiver));
            history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
            history.assertThatAllEnded("delivered");
            history.assertThatAllHadAttempts(1);
            assertThat(receiver.requests()).hasSize(30).allSatisfy((id, times) -> assertThat(times)
                    .isEqualTo(1));
        });
    }

    private DynamicTest someErrors() {
        scene.fault(
                "errors",
                new JsonObject().put("mode", "error").put("status", 503).put("share", 0.3),
                FOR_EVER);
        Drill drill = scene.webhooks("errors").ask(scene.next(), Duration.ofMillis(100), 150);
        return dynamicTest("three errors of ten calls cost no more retries than there is budget for", () -> {
            DrillHistory history = drill.awaitEnd();
            String url = scene.url("errors");
            scene.tell(history, url);
            history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
            history.assertThatFailuresAre("provider-failed", 503);
            history.assertThatRetriesKeepTo(Budget.ofNew(scene.watch().now(url)));
            history.assertThatTheReceiverSawEachAttempt(scene.webhookCalls(drill));
        });
    }
}

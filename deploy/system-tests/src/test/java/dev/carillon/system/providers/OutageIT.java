package dev.carillon.system.providers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.Setting;
import dev.carillon.system.drills.Drill;
import dev.carillon.system.drills.DrillHistory;
import dev.carillon.system.drills.DrillHistory.Budget;
import dev.carillon.system.drills.StandingWatch;
import dev.carillon.system.drills.StandingWatch.Opening;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Way;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/**
 * A receiver that fails for minutes, on a stack with retries as they are by default. {@code make outage}; {@code CARILLON_OUTAGE_MINUTES} says for how
 * many. What failed in its last minute is attempted for the third time up to twelve minutes later.
 */
@Order(1)
class OutageIT {

    private static final int ATTEMPTS = 3;
    private static final int AT_ONCE = 20;
    private static final int STEADY = 200;
    private static final Duration LENGTH = Duration.ofMinutes(Setting.number("CARILLON_OUTAGE_MINUTES", 10));
    private static final Duration AHEAD = Duration.ofSeconds(40);
    private static final Duration AFTERWARDS = Duration.ofMinutes(1);
    private static final Duration RETRIES = Duration.ofMinutes(20);
    /** Four minutes, less a quarter of them. */
    private static final Duration SHORTEST_WAIT = Duration.ofMinutes(3);
    /** The shortest wait before the second attempt and before the third: nothing fails three times in an outage that is shorter. */
    private static final Duration SPANNED = Duration.ofSeconds(180 + 594);

    private static final Duration PROBE_IS_MADE = Duration.ofSeconds(5);

    private final TestStack stack = TestStack.in(Path.of("target", "outage-stack"), Map.of());

    @BeforeEach
    void start() {
        stack.startAfresh();
    }

    @AfterEach
    void stop() {
        // Its logs stay.
        stack.run("down");
    }

    @Test
    void an_outage_costs_probes_and_no_message() {
        var carillon = new Carillon(stack);
        String path = "/webhooks/outage-" + UUID.randomUUID();
        String url = stack.providers() + path;
        Instant begin = Instant.now();
        Instant start = begin.plus(AHEAD);
        Instant end = start.plus(LENGTH);
        carillon.faults()
                .inject(new JsonObject()
                        .put("channel", "webhook")
                        .put("path", path)
                        .put("mode", "error")
                        .put("status", 503)
                        .put("for", Duration.between(begin, end).toString()));
        // What runs for the first time is no measure of who answers in time.
        Drill.webhooks(carillon, "first", stack.providers() + "/webhooks/first")
                .ask(start.minusSeconds(25), Duration.ofMillis(100), 200);
        try (var watch = new StandingWatch(carillon)) {
            Drill drill = Drill.webhooks(carillon, "outage of " + LENGTH, url)
                    .ask(start, Duration.ZERO, AT_ONCE)
                    .ask(start, LENGTH.plus(AFTERWARDS).dividedBy(STEADY), STEADY);

            DrillHistory history = drill.awaitEnd(AHEAD.plus(LENGTH).plus(RETRIES));

            List<Opening> openings = watch.openings(url);
            System.out.println(history.figures(openings));
            history.assertThatEachEndedByThePolicy(ATTEMPTS, SHORTEST_WAIT);
            if (LENGTH.compareTo(SPANNED) < 0) {
                history.assertThatAllEnded("delivered");
            }
            history.assertThatFailuresAre("provider-failed", 503);
            history.assertThatRetriesKeepTo(Budget.ofNew(watch.now(url)));
            history.assertThatOnlyProbesBeganOnceItHadOpened(openings);
            history.assertThatItRecoversAtTheNextProbe(end, openings, PROBE_IS_MADE);
            history.assertThatTheReceiverSawEachAttempt(
                    drill.callsOf(carillon.callsSince(begin, Way.WEBHOOK), call -> call.getJsonObject("headers")
                            .getString("webhook-id")));
            assertThat(watch.now(url).getJsonObject("breaker").getString("state"))
                    .isEqualTo("closed");
        }
    }
}

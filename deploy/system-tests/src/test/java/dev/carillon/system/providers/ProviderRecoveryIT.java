package dev.carillon.system.providers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.carillon.system.drills.Drill;
import dev.carillon.system.drills.DrillHistory;
import dev.carillon.system.drills.DrillHistory.Budget;
import dev.carillon.system.drills.StandingWatch;
import dev.carillon.system.drills.StandingWatch.Opening;
import dev.carillon.system.outside.WaywardReceiver;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import dev.carillon.system.stack.Way;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Who comes back, and who says for how long to be left alone, all at the same time on one stack: the relay, a chat of Telegram, and a receiver that has no TLS
 * at first. Retries, calls, breakers and budgets are those of {@link ProviderFaultsIT}.
 */
// Before there is other mail: what the relay answered well in the half minute before would keep its breaker closed.
@Order(1)
@ExtendWith(RunningStack.class)
class ProviderRecoveryIT {

    private static final int ATTEMPTS = 3;
    /** Enough to open a breaker. */
    private static final int BURST = 15;

    private static final String RELAY = "smtp-relay";
    private static final String BOT = "telegram-bot";
    private static final Duration AHEAD = Duration.ofSeconds(3);
    private static final Duration APART = Duration.ofMillis(500);
    private static final Duration TOGETHER = Duration.ZERO;
    private static final Duration LONGEST_CALL = Duration.ofSeconds(5);
    private static final Duration PROBE_IS_MADE = Duration.ofSeconds(5);

    private final TestStack stack;
    private final Carillon carillon;
    private final StandingWatch watch;
    private final Instant created = Instant.now();
    private final List<WaywardReceiver> receivers = new ArrayList<>();

    ProviderRecoveryIT(TestStack stack) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
        this.watch = new StandingWatch(carillon);
    }

    @AfterEach
    void close() throws IOException {
        watch.close();
        for (WaywardReceiver one : receivers) {
            one.close();
        }
    }

    @TestFactory
    List<DynamicTest> who_is_back_is_found_at_a_probe_and_who_says_for_how_long_is_left_alone_so_long()
            throws IOException {
        warmUp();
        Instant begin = Instant.now().plus(AHEAD);
        DynamicTest chat = limitedChat(begin);
        DynamicTest receiver = receiverWithoutTls(begin);
        DynamicTest relay = relayThatPutsOff(begin);
        assertThat(Instant.now()).as("all is asked for before the beginning").isBefore(begin);
        return List.of(chat, receiver, relay);
    }

    /** What runs for the first time is no measure of who answers in time. */
    private void warmUp() {
        Instant soon = Instant.now().plusSeconds(1);
        List<Drill> first = List.of(
                Drill.webhooks(carillon, "first", stack.providers() + "/webhooks/first")
                        .ask(soon, Duration.ofMillis(20), 100),
                Drill.mail(carillon, "first mail").ask(soon, TOGETHER, 5),
                Drill.telegram(carillon, "first to a chat").ask(soon, TOGETHER, 1));
        first.forEach(drill -> drill.awaitEnd().assertThatAllEnded("delivered"));
    }

    /** The Bot API says so in what it answers, and means the chat alone. */
    private DynamicTest limitedChat(Instant begin) {
        // Longer than the policy would wait.
        var asked = Duration.ofSeconds(8);
        fault(
                new JsonObject()
                        .put("channel", "telegram")
                        .put("mode", "rate-limit")
                        .put("retryAfter", asked.toString()),
                begin.plusSeconds(3));
        Drill limited = Drill.telegram(carillon, "a chat that is limited").ask(begin, TOGETHER, 4);
        Drill other = Drill.telegram(carillon, "another chat").ask(begin.plusSeconds(4), Duration.ofSeconds(1), 2);
        Budget budget = Budget.of(watch.now(BOT));
        return dynamicTest(
                "a chat is left alone for as long as Telegram says, and one that blocked the bot for good", () -> {
                    DrillHistory history = limited.awaitEnd();
                    assertThat(tell(history, BOT)).as("it works").isEmpty();
                    history.assertThatEachEndedByThePolicy(ATTEMPTS, asked);
                    history.assertThatAllEnded("delivered");
                    history.assertThatFailuresAre("rate-limited", 429);
                    history.assertThatNoneBeganWithin(asked);
                    history.assertThatRetriesKeepTo(budget);
                    history.assertThatTheReceiverSawEachInOrder(chatCalls(limited));
                    assertThatNobodyElseWaited(other, begin.plus(asked));
                    blockedBot();
                });
    }

    private void assertThatNobodyElseWaited(Drill other, Instant pauseEnds) {
        DrillHistory history = other.awaitEnd();
        tell(history, BOT);
        history.assertThatAllEnded("delivered");
        history.assertThatAllHadAttempts(1);
        history.assertThatAllBeganBefore(pauseEnds);
    }

    private void blockedBot() {
        carillon.faults()
                .inject(new JsonObject()
                        .put("channel", "telegram")
                        .put("mode", "error")
                        .put("status", 403));
        Drill drill = Drill.telegram(carillon, "a chat that has blocked the bot")
                .ask(Instant.now().plusSeconds(1), TOGETHER, 3);
        DrillHistory history = drill.awaitEnd();
        assertThat(tell(history, BOT)).as("it works").isEmpty();
        history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
        history.assertThatAllEnded("dead");
        history.assertThatAllHadAttempts(1);
        history.assertThatFailuresAre("rejected", 403);
        history.assertThatTheReceiverSawEachInOrder(chatCalls(drill));
    }

    private DynamicTest receiverWithoutTls(Instant begin) throws IOException {
        Instant end = begin.plusSeconds(8);
        WaywardReceiver receiver = WaywardReceiver.withTlsFrom(end, RunningStack.VOUCHED_FOR.server());
        receivers.add(receiver);
        String url = "https://127.0.0.1:" + receiver.port() + "/hooks";
        Drill drill = Drill.webhooks(carillon, "no TLS at first", url)
                .ask(begin, TOGETHER, BURST)
                .ask(begin, APART, 24);
        return dynamicTest("one without TLS is found again when it has it", () -> {
            DrillHistory history = drill.awaitEnd();
            List<Opening> openings = tell(history, url);
            history.assertThatFailuresAre("tls-failed", 0);
            assertThatItWasLeftAloneAndFoundAgain(history, openings, Budget.ofNew(watch.now(url)), end);
            history.assertThatRepetitionsAreFlagged(receiver.requests());
            history.assertThatConnectionsAreThoseOfAttempts(receiver.connections());
        });
    }

    private DynamicTest relayThatPutsOff(Instant begin) {
        Instant end = begin.plusSeconds(6);
        fault(new JsonObject().put("channel", "email").put("mode", "error").put("status", 451), end);
        Drill drill = Drill.mail(carillon, "SMTP 451 at first")
                .ask(begin, TOGETHER, BURST)
                .ask(begin, APART, 20);
        Budget budget = Budget.of(watch.now(RELAY));
        return dynamicTest("a relay that puts off is found again when it takes mail", () -> {
            DrillHistory history = drill.awaitEnd();
            List<Opening> openings = tell(history, RELAY);
            history.assertThatFailuresAre("provider-failed", 451);
            assertThatItWasLeftAloneAndFoundAgain(history, openings, budget, end);
        });
    }

    private static void assertThatItWasLeftAloneAndFoundAgain(
            DrillHistory history, List<Opening> openings, Budget budget, Instant ended) {
        history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
        history.assertThatAllEnded("delivered");
        history.assertThatRetriesKeepTo(budget);
        history.assertThatOnlyProbesBeganOnceItHadOpened(openings);
        history.assertThatItRecoversAtAProbe(ended, LONGEST_CALL, openings, PROBE_IS_MADE);
    }

    private List<Opening> tell(DrillHistory history, String name) {
        List<Opening> openings = watch.openings(name);
        System.out.println(history.figures(openings));
        return openings;
    }

    private void fault(JsonObject fault, Instant until) {
        carillon.faults()
                .inject(fault.put("for", Duration.between(Instant.now(), until).toString()));
    }

    private List<Boolean> chatCalls(Drill drill) {
        return drill.callsInOrder(carillon.callsSince(created, Way.TELEGRAM));
    }
}

package dev.carillon.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.carillon.local.Ports;
import dev.carillon.system.DrillHistory.Budget;
import dev.carillon.system.StandingWatch.Opening;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every way in which a provider fails, each to a destination of its own, and all of them at the same time on one stack: with retries after six seconds,
 * calls of five seconds at most, and breakers and budgets as they are by default.
 */
// Before others have saved up retries for the relay, which all mail shares.
@Order(2)
@ExtendWith(RunningStack.class)
class ProviderFaultsIT {

    private static final int ATTEMPTS = 3;
    private static final String RELAY = "smtp-relay";
    private static final Duration AHEAD = Duration.ofSeconds(45);
    private static final Duration APART = Duration.ofMillis(1_500);
    private static final Duration TOGETHER = Duration.ZERO;
    /** Enough to open a breaker. */
    private static final int BURST = 15;

    private static final Instant FOR_EVER = Instant.now().plus(Duration.ofHours(1));
    private static final Duration LONGEST_OPEN = Duration.ofMinutes(1);
    private static final Duration PROBE_IS_MADE = Duration.ofSeconds(5);
    private static final Duration LONGEST_CALL = Duration.ofSeconds(5);
    private static final int LEAST_PORT = 10_000;

    private final TestStack stack;
    private final Carillon carillon;
    private final StandingWatch watch;
    private final String run = UUID.randomUUID().toString();
    private final Instant created = Instant.now();
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private Instant start = created;
    private int begun;

    ProviderFaultsIT(TestStack stack) {
        this.stack = stack;
        this.carillon = new Carillon(stack);
        this.watch = new StandingWatch(carillon);
    }

    @AfterEach
    void close() throws Exception {
        watch.close();
        for (AutoCloseable one : toClose) {
            one.close();
        }
    }

    @TestFactory
    List<DynamicTest> whoever_fails_is_left_alone_and_everything_ends_as_the_policy_says(@TempDir Path folder)
            throws Exception {
        start = Instant.now().plus(AHEAD);
        // What runs for the first time is no measure of who answers in time.
        Instant soon = start.minusSeconds(25);
        webhooks("first").ask(soon, Duration.ofMillis(60), 300);
        Drill.mail(carillon, "first mail").ask(soon, Duration.ofMillis(200), 50);
        DynamicTest outage = outage();
        DynamicTest hanging = hanging();
        DynamicTest drippingHead = drippingHead();
        DynamicTest someErrors = someErrors();
        DynamicTest resetting = resetting();
        DynamicTest refusing = refusing();
        DynamicTest failingForEver = failingForEver(folder);
        DynamicTest unknownName = unknownName();
        DynamicTest withoutTls = withoutTls();
        DynamicTest limitThatSaysHowLong = limitThatSaysHowLong();
        DynamicTest limitThatDoesNotSay = limitThatDoesNotSay();
        DynamicTest drippingBody = drippingBody();
        DynamicTest healthy = healthy();
        DynamicTest mail = mail();
        assertThat(Instant.now()).as("all is asked for before the beginning").isBefore(start);
        return List.of(
                mail,
                healthy,
                limitThatSaysHowLong,
                limitThatDoesNotSay,
                drippingBody,
                refusing,
                resetting,
                hanging,
                drippingHead,
                failingForEver,
                unknownName,
                withoutTls,
                someErrors,
                outage);
    }

    /** They begin one shortly after the other. */
    private Instant next() {
        return start.plus(APART.multipliedBy(begun++));
    }

    private DynamicTest mail() {
        Instant begin = next();
        carillon.faults()
                .inject(new JsonObject()
                        .put("channel", "email")
                        .put("mode", "error")
                        .put("status", 550));
        Drill refused =
                Drill.mail(carillon, "SMTP 550").ask(begin, TOGETHER, BURST).ask(begin, Duration.ofMillis(100), 40);
        return dynamicTest("refused mail is given up at once, and mail that is put off goes out later", () -> {
            DrillHistory history = refused.awaitEnd();
            tell(history, RELAY);
            history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
            history.assertThatAllEnded("dead");
            history.assertThatAllHadAttempts(1);
            history.assertThatFailuresAre("rejected", 550);
            history.assertThatTheReceiverSawEachAttempt(mailCalls(refused));
            assertThat(since(begin, RELAY)).as("it works").isEmpty();
            mailThatIsPutOff();
        });
    }

    private void mailThatIsPutOff() {
        Budget budget = Budget.of(watch.now(RELAY));
        Instant begin = Instant.now().plusSeconds(2);
        carillon.faults()
                .inject(new JsonObject()
                        .put("channel", "email")
                        .put("mode", "error")
                        .put("status", 451)
                        .put("for", "PT6S"));
        Drill drill = Drill.mail(carillon, "SMTP 451, then 250")
                .ask(begin, TOGETHER, BURST)
                .ask(begin, Duration.ofMillis(300), 40);
        DrillHistory history = drill.awaitEnd();
        tell(history, RELAY);
        history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
        history.assertThatAllEnded("delivered");
        history.assertThatFailuresAre("provider-failed", 451);
        history.assertThatRetriesKeepTo(budget);
        // Whether the relay's breaker opens depends on how much it has answered well in the half minute before.
        // ProviderRecoveryIT has none before.
        history.assertThatTheReceiverSawEachAttempt(mailCalls(drill));
    }

    private List<Opening> since(Instant begin, String name) {
        return watch.openings(name).stream()
                .filter(opening -> opening.since().isAfter(begin))
                .toList();
    }

    private DynamicTest healthy() {
        Drill drill = webhooks("none").ask(start, Duration.ofMillis(500), 80);
        return dynamicTest("everybody else gets everything at the first attempt", () -> {
            DrillHistory history = drill.awaitEnd();
            tell(history, url("none"));
            history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
            history.assertThatAllEnded("delivered");
            history.assertThatAllHadAttempts(1);
            history.assertThatTheReceiverSawEachAttempt(webhookCalls(drill));
        });
    }

    private DynamicTest limitThatSaysHowLong() {
        var asked = Duration.ofSeconds(9);
        Instant begin = next();
        fault(
                "limit",
                new JsonObject().put("mode", "rate-limit").put("retryAfter", asked.toString()),
                begin.plusSeconds(4));
        Drill drill = webhooks("limit").ask(begin, TOGETHER, 30).ask(begin, Duration.ofMillis(250), 30);
        return dynamicTest("a rate limit is obeyed for as long as it says", () -> {
            DrillHistory history = drill.awaitEnd();
            assertThat(tell(history, url("limit"))).as("it works").isEmpty();
            history.assertThatEachEndedByThePolicy(ATTEMPTS, asked);
            history.assertThatAllEnded("delivered");
            history.assertThatFailuresAre("rate-limited", 429);
            history.assertThatNoneBeganWithin(asked);
            history.assertThatRetriesKeepTo(Budget.ofNew(watch.now(url("limit"))));
            history.assertThatTheReceiverSawEachAttempt(webhookCalls(drill));
            assertThat(watch.sawPauseOf(url("limit"))).isTrue();
        });
    }

    private DynamicTest limitThatDoesNotSay() {
        Instant begin = next();
        fault("bare-limit", new JsonObject().put("mode", "error").put("status", 429), begin.plusSeconds(4));
        Drill drill = webhooks("bare-limit").ask(begin, TOGETHER, 30).ask(begin, Duration.ofMillis(250), 30);
        return dynamicTest("a rate limit that does not say how long is obeyed, too", () -> {
            DrillHistory history = drill.awaitEnd();
            assertThat(tell(history, url("bare-limit"))).as("it works").isEmpty();
            history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
            history.assertThatAllEnded("delivered");
            history.assertThatFailuresAre("rate-limited", 429);
            history.assertThatRetriesKeepTo(Budget.ofNew(watch.now(url("bare-limit"))));
            history.assertThatTheReceiverSawEachAttempt(webhookCalls(drill));
        });
    }

    private DynamicTest drippingBody() throws IOException {
        WaywardReceiver receiver = receiver(Misbehaviour.DRIPS_ITS_BODY, FOR_EVER);
        // As many as it has connections: all are called at once.
        Drill drill = webhooks("a body that drips", receiver).ask(next(), TOGETHER, 30);
        return dynamicTest("one whose answer drips after its status has given it", () -> {
            DrillHistory history = drill.awaitEnd();
            tell(history, url(receiver));
            history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
            history.assertThatAllEnded("delivered");
            history.assertThatAllHadAttempts(1);
            assertThat(receiver.requests()).hasSize(30).allSatisfy((id, times) -> assertThat(times)
                    .isEqualTo(1));
        });
    }

    private DynamicTest refusing() {
        int port = closedPort();
        String url = url(port);
        Instant begin = next();
        Instant end = begin.plusSeconds(10);
        Drill drill = Drill.webhooks(carillon, "refused", url)
                .ask(begin, TOGETHER, BURST)
                .ask(begin, Duration.ofMillis(500), 40);
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
            return kept(WaywardReceiver.at(
                    new ServerSocket(port, 200, InetAddress.getLoopbackAddress()), Misbehaviour.NONE, start));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DynamicTest resetting() throws IOException {
        return foundAgain("resets", Misbehaviour.RESETS, "connection-lost");
    }

    private DynamicTest hanging() throws IOException {
        return foundAgain("hangs", Misbehaviour.HANGS, "timeout");
    }

    private DynamicTest drippingHead() throws IOException {
        return foundAgain("drips its headers", Misbehaviour.DRIPS_ITS_HEAD, "timeout");
    }

    private DynamicTest foundAgain(String what, Misbehaviour misbehaviour, String reason) throws IOException {
        Instant begin = next();
        Instant end = begin.plusSeconds(12);
        WaywardReceiver receiver = receiver(misbehaviour, end);
        Drill drill = webhooks(what, receiver)
                .ask(begin, TOGETHER, BURST)
                .ask(begin.plusSeconds(6), Duration.ofMillis(600), 40);
        return dynamicTest("one that " + what + " is found again", () -> {
            DrillHistory history = drill.awaitEnd();
            assertThatItWasLeftAloneAndFoundAgain(history, url(receiver), reason, end);
            history.assertThatRepetitionsAreFlagged(receiver.requests());
        });
    }

    private void assertThatItWasLeftAloneAndFoundAgain(DrillHistory history, String url, String reason, Instant ended) {
        List<Opening> openings = tell(history, url);
        history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
        history.assertThatAllEnded("delivered");
        history.assertThatFailuresAre(reason, 0);
        history.assertThatRetriesKeepTo(Budget.ofNew(watch.now(url)));
        history.assertThatOnlyProbesBeganOnceItHadOpened(openings);
        history.assertThatItRecoversAtAProbe(ended, LONGEST_CALL, openings, PROBE_IS_MADE);
    }

    /** Three messages each: too few for a breaker. */
    private DynamicTest failingForEver(Path folder) throws Exception {
        Instant begin = next();
        Map<Drill, String> reasons = Map.of(
                three(begin, "hangs for ever", url(receiver(Misbehaviour.HANGS, FOR_EVER))), "timeout",
                three(begin, "drips for ever", url(receiver(Misbehaviour.DRIPS_ITS_HEAD, FOR_EVER))), "timeout",
                three(begin, "resets for ever", url(receiver(Misbehaviour.RESETS, FOR_EVER))), "connection-lost",
                three(begin, "nobody there", url(closedPort())), "connection-refused",
                three(begin, "no such name", "http://" + run + ".invalid/hooks"), "host-not-found",
                three(begin, "no TLS", secure(receiver(Misbehaviour.SPEAKS_FIRST, FOR_EVER))), "tls-failed",
                three(begin, "a certificate that nobody vouches for", secure(selfSigned(folder))), "tls-failed");
        return dynamicTest("what fails three times is dead, and says of what", () -> {
            for (Map.Entry<Drill, String> one : reasons.entrySet()) {
                DrillHistory history = one.getKey().awaitEnd();
                tell(history, "");
                history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
                history.assertThatAllEnded("dead");
                history.assertThatAllHadAttempts(ATTEMPTS);
                history.assertThatFailuresAre(one.getValue(), 0);
            }
        });
    }

    private Drill three(Instant begin, String what, String url) {
        return Drill.webhooks(carillon, what, url).ask(begin, TOGETHER, 3);
    }

    private DynamicTest unknownName() {
        String url = "http://another-" + run + ".invalid/hooks";
        return outOfTime("a name that is not found", url, "host-not-found");
    }

    private DynamicTest withoutTls() throws IOException {
        return outOfTime("one without TLS", secure(receiver(Misbehaviour.SPEAKS_FIRST, FOR_EVER)), "tls-failed");
    }

    private DynamicTest outOfTime(String what, String url, String reason) {
        Instant begin = next();
        Instant expiry = begin.plusSeconds(24);
        Drill drill = Drill.webhooks(carillon, what, url)
                .ask(begin, TOGETHER, BURST, expiry)
                .ask(begin, Duration.ofMillis(400), 45, expiry);
        return dynamicTest(what + " costs some attempts, and the rest expires unattempted", () -> {
            DrillHistory history = drill.awaitEnd();
            List<Opening> openings = tell(history, standing(url));
            history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
            history.assertThatFailuresAre(reason, 0);
            history.assertThatRetriesKeepTo(Budget.ofNew(watch.now(standing(url))));
            history.assertThatOnlyProbesBeganOnceItHadOpened(openings);
            assertThat(history.fates()).anySatisfy(fate -> {
                assertThat(fate.status()).isEqualTo("expired");
                assertThat(fate.attempts()).isEmpty();
            });
        });
    }

    private DynamicTest someErrors() {
        fault("errors", new JsonObject().put("mode", "error").put("status", 503).put("share", 0.3), FOR_EVER);
        Drill drill = webhooks("errors").ask(next(), Duration.ofMillis(100), 150);
        return dynamicTest("three errors of ten calls cost no more retries than there is budget for", () -> {
            DrillHistory history = drill.awaitEnd();
            tell(history, url("errors"));
            history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
            history.assertThatFailuresAre("provider-failed", 503);
            history.assertThatRetriesKeepTo(Budget.ofNew(watch.now(url("errors"))));
            history.assertThatTheReceiverSawEachAttempt(webhookCalls(drill));
        });
    }

    private DynamicTest outage() {
        int seconds = 25;
        Instant begin = next();
        Instant end = begin.plusSeconds(seconds);
        fault("outage", new JsonObject().put("mode", "error").put("status", 503), end);
        Drill drill = webhooks("outage").ask(begin, TOGETHER, BURST).ask(begin, Duration.ofMillis(400), 85);
        return dynamicTest("an outage of " + seconds + " seconds costs probes, and is over at the next", () -> {
            DrillHistory history = drill.awaitEnd();
            assertThatItWasLeftAloneAndFoundAgain(history, drill, url("outage"), end);
        });
    }

    private void assertThatItWasLeftAloneAndFoundAgain(DrillHistory history, Drill drill, String url, Instant ended) {
        List<Opening> openings = tell(history, url);
        history.assertThatEachEndedByThePolicy(ATTEMPTS, RunningStack.RETRY_WAIT);
        history.assertThatAllEnded("delivered");
        history.assertThatFailuresAre("provider-failed", 503);
        history.assertThatRetriesKeepTo(Budget.ofNew(watch.now(url)));
        history.assertThatOnlyProbesBeganOnceItHadOpened(openings);
        history.assertThatItRecoversAtTheNextProbe(ended, openings, PROBE_IS_MADE);
        history.assertThatTheReceiverSawEachAttempt(webhookCalls(drill));
        assertThat(openings).allSatisfy(one -> assertThat(Duration.between(one.since(), one.until()))
                .isLessThanOrEqualTo(LONGEST_OPEN));
        assertThat(watch.now(url).getJsonObject("breaker").getString("state")).isEqualTo("closed");
    }

    private List<Opening> tell(DrillHistory history, String name) {
        List<Opening> openings = watch.openings(name);
        System.out.println(history.figures(openings));
        return openings;
    }

    private Drill webhooks(String path) {
        return Drill.webhooks(carillon, path, url(path));
    }

    private Drill webhooks(String what, WaywardReceiver receiver) {
        return Drill.webhooks(carillon, what, url(receiver));
    }

    /** Of the local providers, which is a destination like others. */
    private String url(String path) {
        return stack.providers() + path(path);
    }

    private String path(String path) {
        return "/webhooks/drill-" + run + "/" + path;
    }

    private static String url(WaywardReceiver receiver) {
        return url(receiver.port());
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port + "/hooks";
    }

    private static String secure(WaywardReceiver receiver) {
        return "https://127.0.0.1:" + receiver.port() + "/hooks";
    }

    /** What it is called where it stands; the port is always told. */
    private static String standing(String url) {
        return url.replace(".invalid/", ".invalid:80/");
    }

    private void fault(String path, JsonObject fault, Instant until) {
        carillon.faults()
                .inject(fault.put("channel", "webhook")
                        .put("path", path(path))
                        .put("for", Duration.between(Instant.now(), until).toString()));
    }

    private Map<String, List<Boolean>> webhookCalls(Drill drill) {
        return drill.callsOf(carillon.callsSince(created, Way.WEBHOOK), call -> call.getJsonObject("headers")
                .getString("webhook-id"));
    }

    private Map<String, List<Boolean>> mailCalls(Drill drill) {
        // <message.generation@carillon>
        Function<JsonObject, String> message =
                call -> call.getString("messageId").substring(1).split("\\.", 2)[0];
        return drill.callsOf(carillon.callsSince(created, Way.EMAIL), message);
    }

    private WaywardReceiver receiver(Misbehaviour misbehaviour, Instant until) throws IOException {
        return kept(WaywardReceiver.that(misbehaviour, until));
    }

    private WaywardReceiver selfSigned(Path folder) throws Exception {
        return kept(WaywardReceiver.at(SelfSigned.in(folder).listen(), Misbehaviour.NONE, start));
    }

    private synchronized WaywardReceiver kept(WaywardReceiver receiver) {
        toClose.add(receiver);
        return receiver;
    }

    /** Below those from which Linux takes the ports of outgoing connections, so that nobody gets it meanwhile. */
    private static int closedPort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LEAST_PORT, 32_000);
            if (Ports.isFree(port)) {
                return port;
            }
        }
    }
}

package dev.carillon.system.interruptions;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.system.stack.Answer;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.Way;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Many webhooks, asked for by clients who do not give up: a request without an answer, or with one that asks to come again, is repeated
 * with its Idempotency-Key. Afterwards the history is checked, with what came of each message.
 */
final class Burst implements AutoCloseable {

    static final int MESSAGES = 500;
    /** A webhook's time, and a second for recording what came of it. */
    static final Duration LONGEST_CALL = Duration.ofSeconds(6);

    private static final Duration APART = Duration.ofMillis(20);
    private static final int CLIENTS = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Carillon carillon;
    private final int count;
    private final Duration span;
    private final Instant begin = Instant.now();
    private final String name = "burst-" + UUID.randomUUID();
    private final AtomicInteger accepted = new AtomicInteger();
    private final ExecutorService clients =
            Executors.newFixedThreadPool(CLIENTS, Thread.ofVirtual().factory());
    private final List<CompletableFuture<Void>> requests = new ArrayList<>();

    /** Of {@link #MESSAGES}, the first one due {@code first} from now. */
    Burst(Carillon carillon, Duration first) {
        this(carillon, MESSAGES, first, APART);
    }

    /** Begins to ask for messages, the first one due {@code first} from now, the others one after the other. */
    Burst(Carillon carillon, int count, Duration first, Duration apart) {
        this.carillon = carillon;
        this.count = count;
        this.span = first.plus(apart.multipliedBy(count));
        for (int i = 0; i < count; i++) {
            String marker = name + "-" + i;
            Duration in = first.plus(apart.multipliedBy(i));
            requests.add(CompletableFuture.runAsync(() -> insist(marker, in), clients));
        }
    }

    private void insist(String marker, Duration in) {
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    try {
                        Answer answer = carillon.post(Way.WEBHOOK, marker, in.toString(), marker);
                        assertThat(answer.status()).as(answer.body()).isIn(201, 409, 429, 503);
                        return answer.status() == 201;
                    } catch (UncheckedIOException noAnswer) {
                        return false;
                    }
                });
        accepted.incrementAndGet();
    }

    void awaitAccepted(int count) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> accepted.get() >= count);
    }

    void awaitArrived(int count) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> arrived().size() >= count);
    }

    private List<JsonObject> arrived() {
        return carillon.receivedSince(begin, Way.WEBHOOK).stream()
                .filter(this::isOurs)
                .toList();
    }

    private boolean isOurs(JsonObject received) {
        return received.getString("path").contains(name);
    }

    /** What came of everything, once everything has ended. */
    History awaitEnd() {
        CompletableFuture.allOf(requests.toArray(CompletableFuture[]::new)).join();
        List<JsonObject> messages = await().atMost(PATIENCE.plus(span))
                .pollInterval(Duration.ofMillis(count))
                .until(this::messages, found -> found.stream().allMatch(Burst::hasEnded));
        Map<String, JsonObject> deliveries = carillon.deliveriesSince(begin).stream()
                .collect(toMap(delivery -> delivery.getString("messageId"), Function.identity(), (a, b) -> {
                    throw new AssertionError("two deliveries of one message: " + a + b);
                }));
        // By their paths, of which each message has its own: one that came under another id is seen.
        Map<String, List<JsonObject>> calls = arrived().stream().collect(groupingBy(Way.WEBHOOK::markerOf));
        assertThat(calls.keySet())
                .as("what came was for a message")
                .isSubsetOf(messages.stream().map(Burst::markerOf).toList());
        return new History(
                count,
                messages.stream()
                        .map(message -> new Fate(
                                message,
                                deliveries.getOrDefault(message.getString("id"), new JsonObject()),
                                calls.getOrDefault(markerOf(message), List.of())))
                        .toList());
    }

    /**
     * The same, after its figures have been told, and what holds through every crash.
     *
     * @param crash what happened meanwhile
     */
    History awaitEndAfter(String crash) {
        History history = awaitEnd();
        System.out.println(crash + ": " + history.figures());
        history.assertThatNothingIsLostEarlyOrRepeatedInSilence();
        return history;
    }

    private List<JsonObject> messages() {
        return carillon.messagesSince(begin).stream()
                .filter(message ->
                        message.getJsonObject("to").getString("url", "").contains(name))
                .toList();
    }

    private static String markerOf(JsonObject message) {
        String url = message.getJsonObject("to").getString("url");
        return url.substring(url.lastIndexOf('/') + 1);
    }

    private static boolean hasEnded(JsonObject message) {
        return List.of("delivered", "failed", "expired", "cancelled").contains(message.getString("status"));
    }

    @Override
    public void close() {
        clients.shutdownNow();
    }

    /**
     * What became of one message: as the scheduler tells it, as delivery tells it, as the receiver saw it.
     *
     * @param calls what came to its URL, under whatever id
     */
    record Fate(JsonObject message, JsonObject delivery, List<JsonObject> calls) {

        Duration lateness() {
            return Duration.between(
                    message.getInstant("dueAt"), calls.getFirst().getInstant("receivedAt"));
        }

        List<JsonObject> attempts(String outcome) {
            return Carillon.objects(delivery.getJsonArray("attempts")).stream()
                    .filter(attempt -> outcome.equals(attempt.getString("outcome")))
                    .toList();
        }

        /** Those that may have arrived though no answer came: the caller died, or gave up waiting for one. */
        List<JsonObject> unansweredAttempts() {
            return Carillon.objects(delivery.getJsonArray("attempts")).stream()
                    .filter(attempt -> "unknown".equals(attempt.getString("outcome"))
                            || "timeout".equals(attempt.getString("reason")))
                    .toList();
        }

        boolean isFlagged() {
            return delivery.getBoolean("possiblyDelivered") && message.getBoolean("possiblyDelivered");
        }
    }

    record History(int asked, List<Fate> fates) {

        /** What holds through every crash. */
        void assertThatNothingIsLostEarlyOrRepeatedInSilence() {
            assertThat(fates).as("each request made one message").hasSize(asked);
            assertThat(fates).allSatisfy(fate -> {
                assertThat(fate.message().getString("status")).isEqualTo("delivered");
                assertThat(fate.calls()).as("arrived").isNotEmpty().allSatisfy(call -> assertThat(
                                call.getJsonObject("headers").getString("webhook-id"))
                        .as("the same each time")
                        .isEqualTo(fate.message().getString("id")));
                assertThat(fate.lateness()).as("never early").isGreaterThanOrEqualTo(Duration.ZERO);
                assertThat(fate.attempts("delivered")).hasSize(1);
                // Each call has its attempt, and but for those without an answer each attempt was a call that arrived.
                assertThat(fate.calls().size())
                        .isBetween(1, 1 + fate.unansweredAttempts().size());
                assertThat(fate.isFlagged())
                        .isEqualTo(!fate.unansweredAttempts().isEmpty());
            });
        }

        void assertThatNothingIsRepeated() {
            assertThat(fates).allSatisfy(fate -> {
                assertThat(fate.calls()).hasSize(1);
                assertThat(fate.attempts("unknown")).isEmpty();
            });
        }

        /** Only calls that were under way at one of these instants have an unknown outcome. */
        void assertThatTheUnknownWereOpenAt(List<Instant> crashes) {
            assertThat(fates)
                    .flatMap(fate -> fate.attempts("unknown"))
                    .extracting(attempt -> attempt.getInstant("startedAt"))
                    .allSatisfy(started -> assertThat(crashes).anySatisfy(crash -> assertThat(started)
                            .isBetween(crash.minus(LONGEST_CALL), crash.plus(LONGEST_CALL))));
        }

        long unknown() {
            return fates.stream()
                    .filter(fate -> !fate.attempts("unknown").isEmpty())
                    .count();
        }

        /** Those that arrived twice though no attempt of theirs has an unknown outcome: their call had timed out. */
        private long repeatedAfterTimeouts() {
            return fates.stream()
                    .filter(fate -> fate.calls().size() > 1)
                    .filter(fate -> fate.attempts("unknown").isEmpty())
                    .count();
        }

        String figures() {
            List<Duration> lateness =
                    fates.stream().map(Fate::lateness).sorted().toList();
            return String.format(
                    Locale.ROOT,
                    "%d messages, %d arrived twice (%d after a time-out alone), %d of unknown outcome, lateness p50 %d ms, p99 %d ms, max %d ms",
                    fates.size(),
                    fates.stream().filter(fate -> fate.calls().size() > 1).count(),
                    repeatedAfterTimeouts(),
                    unknown(),
                    lateness.get(lateness.size() / 2).toMillis(),
                    lateness.get(lateness.size() * 99 / 100).toMillis(),
                    lateness.getLast().toMillis());
        }
    }
}

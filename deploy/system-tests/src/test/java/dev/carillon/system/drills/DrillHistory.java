package dev.carillon.system.drills;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.system.drills.StandingWatch.Opening;
import dev.carillon.system.stack.Carillon;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What became of the messages of a {@link Drill}, as the scheduler and delivery tell it. */
public record DrillHistory(String name, List<Fate> fates) {

    /** How long after its permit an attempt may begin: a head start ahead of its instant, and a commit. */
    private static final Duration PERMITTED = Duration.ofSeconds(2);

    private static final Duration CLOCKS = Duration.ofMillis(50);
    private static final int PROBES = 3;
    private static final Map<String, String> MESSAGE_OF =
            Map.of("delivered", "delivered", "dead", "failed", "expired", "expired");

    /**
     * @param reason empty for one that was delivered
     * @param providerStatus zero where the provider gave none
     */
    public record Attempt(
            int number, Instant startedAt, Instant endedAt, String outcome, String reason, int providerStatus) {

        static Attempt of(JsonObject attempt) {
            Instant startedAt = attempt.getInstant("startedAt");
            return new Attempt(
                    attempt.getInteger("number"),
                    startedAt,
                    startedAt.plus(Duration.parse(attempt.getString("duration"))),
                    attempt.getString("outcome"),
                    attempt.getString("reason", ""),
                    attempt.getInteger("providerStatus", 0));
        }

        boolean isDelivered() {
            return outcome.equals("delivered");
        }
    }

    /** One message's end. */
    public record Fate(
            String id,
            String messageStatus,
            String status,
            int toldAttempts,
            boolean possiblyDelivered,
            List<Attempt> attempts) {

        static Fate of(JsonObject message, JsonObject delivery) {
            return new Fate(
                    message.getString("id"),
                    message.getString("status"),
                    delivery.getString("status"),
                    message.getInteger("attempts", 0),
                    delivery.getBoolean("possiblyDelivered") && message.getBoolean("possiblyDelivered", false),
                    Carillon.objects(delivery.getJsonArray("attempts")).stream()
                            .map(Attempt::of)
                            .toList());
        }
    }

    /** How many retries a destination can afford: so many at first, a share of its first attempts, and some a second. */
    public record Budget(double atFirst, double ratio, double perSecond) {

        private static final int AT_FIRST = 10;

        /** As one begins that nobody was sent to before. */
        public static Budget ofNew(JsonObject standing) {
            JsonObject budget = standing.getJsonObject("retryBudget");
            return new Budget(AT_FIRST, budget.getDouble("ratio"), budget.getDouble("perSecond"));
        }

        /** From now on, with what has been saved up. */
        public static Budget of(JsonObject standing) {
            Budget fresh = ofNew(standing);
            return new Budget(
                    standing.getJsonObject("retryBudget").getInteger("left") + 1, fresh.ratio, fresh.perSecond);
        }
    }

    /**
     * Each message has one end, and every attempt that led to it is there: none after a success or a permanent failure, none beyond the policy, none
     * before its wait was over.
     */
    public void assertThatEachEndedByThePolicy(int most, Duration leastWait) {
        assertThat(fates).as(name).allSatisfy(fate -> {
            List<Attempt> attempts = fate.attempts();
            assertThat(fate.status()).isEqualTo(endAfter(attempts, most));
            assertThat(fate.messageStatus()).isEqualTo(MESSAGE_OF.get(fate.status()));
            assertThat(attempts.size()).isLessThanOrEqualTo(most).isEqualTo(fate.toldAttempts());
            for (int i = 0; i < attempts.size(); i++) {
                assertThat(attempts.get(i).number()).isEqualTo(i + 1);
                assertThat(i == attempts.size() - 1 || attempts.get(i).outcome().equals("transient"))
                        .as("goes on after a failure that may pass, and only then")
                        .isTrue();
                assertThat(i == 0
                                || !attempts.get(i)
                                        .startedAt()
                                        .isBefore(attempts.get(i - 1)
                                                .endedAt()
                                                .plus(leastWait)
                                                .minus(CLOCKS)))
                        .as("waits before attempt %d", i + 1)
                        .isTrue();
            }
        });
    }

    private static String endAfter(List<Attempt> attempts, int most) {
        if (attempts.isEmpty()) {
            return "expired";
        }
        return switch (attempts.getLast().outcome()) {
            case "delivered" -> "delivered";
            case "permanent" -> "dead";
            default -> attempts.size() == most ? "dead" : "expired";
        };
    }

    public void assertThatAllEnded(String status) {
        assertThat(fates).as(name).allSatisfy(fate -> assertThat(fate.status()).isEqualTo(status));
    }

    public void assertThatAllHadAttempts(int number) {
        assertThat(fates).as(name).allSatisfy(fate -> assertThat(fate.attempts())
                .hasSize(number));
    }

    /** @param providerStatus zero for a failure without a word of the provider's */
    public void assertThatFailuresAre(String reason, int providerStatus) {
        assertThat(failures()).as(name).isNotEmpty().allSatisfy(failure -> {
            assertThat(failure.reason()).isEqualTo(reason);
            assertThat(failure.providerStatus()).isEqualTo(providerStatus);
        });
    }

    public void assertThatAllBeganBefore(Instant instant) {
        assertThat(attempts()).as(name).allSatisfy(attempt -> assertThat(attempt.startedAt())
                .isBefore(instant));
    }

    /** From when the first one failed, but for what had its permit before. */
    public void assertThatNoneBeganWithin(Duration pause) {
        Instant asked = failures().map(Attempt::endedAt).min(Instant::compareTo).orElseThrow();
        var left = new Opening(asked.plus(PERMITTED), asked.plus(pause).minus(CLOCKS));
        assertThat(attempts())
                .as(name + ": begun while it was to be left alone")
                .noneMatch(attempt -> left.isDuring(attempt.startedAt()));
    }

    /** At the beginning of every single retry, all of them up to it were within what the budget had by then. */
    public void assertThatRetriesKeepTo(Budget budget) {
        List<Instant> firsts = begun(attempts().filter(attempt -> attempt.number() == 1));
        List<Instant> retries = begun(attempts().filter(attempt -> attempt.number() > 1));
        Instant since = firsts.getFirst().minus(PERMITTED);
        for (int i = 0; i < retries.size(); i++) {
            Instant now = retries.get(i);
            long begun = firsts.stream()
                    .filter(first -> first.isBefore(now.plus(PERMITTED)))
                    .count();
            double allowed = budget.atFirst
                    + budget.ratio * begun
                    + budget.perSecond * Duration.between(since, now).toMillis() / 1e3;
            assertThat(i + 1.0)
                    .as("%s: retries by %s, after %d first attempts", name, now, begun)
                    .isLessThanOrEqualTo(allowed);
        }
    }

    /** While the breaker was open nothing but what had its permit before began; and each opening let a few find out, and no more. */
    public void assertThatOnlyProbesBeganOnceItHadOpened(List<Opening> openings) {
        assertThat(openings).as(name + ": openings").isNotEmpty();
        assertThat(attempts()).as(name + ": begun while it was open").noneMatch(attempt -> openings.stream()
                .anyMatch(opening ->
                        new Opening(opening.since().plus(PERMITTED), opening.until()).isDuring(attempt.startedAt())));
        Instant opened = openings.getFirst().since().plus(PERMITTED);
        assertThat(failures().filter(failure -> failure.startedAt().isAfter(opened)))
                .as(name + ": failed after " + openings)
                .hasSizeLessThanOrEqualTo(PROBES * openings.size());
    }

    /** The first that was delivered after the fault had ended began when the breaker that was open then let it. */
    public void assertThatItRecoversAtTheNextProbe(Instant faultEnded, List<Opening> openings, Duration patience) {
        Instant recovered = recoveredAfter(faultEnded);
        assertThat(openings.stream().filter(opening -> opening.isDuring(faultEnded)))
                .as(name + ": open when the fault ended")
                .hasSize(1)
                .allSatisfy(opening -> assertThat(recovered)
                        .isBetween(opening.until(), opening.until().plus(patience)));
    }

    /**
     * As {@link #assertThatItRecoversAtTheNextProbe}, after a fault that lasts beyond its end for the calls that were open then: a probe among them fails when its
     * time is up, and opens the breaker once more.
     */
    public void assertThatItRecoversAtAProbe(
            Instant faultEnded, Duration longestCall, List<Opening> openings, Duration patience) {
        Instant recovered = recoveredAfter(faultEnded);
        Opening last = openings.stream()
                .filter(opening -> !opening.since().isAfter(recovered))
                .reduce((one, later) -> later)
                .orElseThrow();
        assertThat(last.since())
                .as(name + ": no probe failed that began after the fault had ended; " + openings)
                .isBeforeOrEqualTo(faultEnded.plus(longestCall).plus(PERMITTED));
        assertThat(recovered)
                .as(name + ": found again when the breaker let it; " + openings)
                .isBetween(last.until(), last.until().plus(patience));
    }

    private Instant recoveredAfter(Instant faultEnded) {
        return attempts()
                .filter(Attempt::isDelivered)
                .map(Attempt::startedAt)
                .filter(begun -> begun.isAfter(faultEnded))
                .min(Instant::compareTo)
                .orElseThrow();
    }

    /** The receiver was called for each attempt and for nothing else, and took it where the attempt says so. */
    public void assertThatTheReceiverSawEachAttempt(Map<String, List<Boolean>> calls) {
        assertThat(fates).as(name).allSatisfy(fate -> assertThat(calls.getOrDefault(fate.id(), List.of()))
                .isEqualTo(fate.attempts().stream().map(Attempt::isDelivered).toList()));
    }

    /** As {@link #assertThatTheReceiverSawEachAttempt}, by the order in which they began. */
    public void assertThatTheReceiverSawEachInOrder(List<Boolean> calls) {
        assertThat(calls)
                .as(name)
                .isEqualTo(attempts()
                        .sorted(Comparator.comparing(Attempt::startedAt))
                        .map(Attempt::isDelivered)
                        .toList());
    }

    /** Each failure is of a connection that was of no use; and besides the attempts' own there was at most one for each that was made ready before. */
    public void assertThatConnectionsAreThoseOfAttempts(int connections) {
        assertThat((long) connections)
                .as(name + ": connections")
                .isBetween(failures().count(), 2 * attempts().count());
    }

    /** Where a receiver reads a request and does not answer it, it may have the message: a repetition says so. */
    public void assertThatRepetitionsAreFlagged(Map<String, Integer> requests) {
        assertThat(requests.keySet())
                .as(name + ": what came has the id of a message, repeated or not")
                .isSubsetOf(fates.stream().map(Fate::id).toList());
        assertThat(fates).as(name).allSatisfy(fate -> {
            int came = requests.getOrDefault(fate.id(), 0);
            assertThat(came)
                    .isBetween(
                            fate.status().equals("delivered") ? 1 : 0,
                            fate.attempts().size());
            assertThat(came < 2 || fate.possiblyDelivered()).as("flagged").isTrue();
        });
    }

    private Stream<Attempt> attempts() {
        return fates.stream().flatMap(fate -> fate.attempts().stream());
    }

    private Stream<Attempt> failures() {
        return attempts().filter(attempt -> !attempt.isDelivered());
    }

    private static List<Instant> begun(Stream<Attempt> attempts) {
        return attempts.map(Attempt::startedAt).sorted().toList();
    }

    private long ended(String status) {
        return fates.stream().filter(fate -> fate.status().equals(status)).count();
    }

    public String figures(List<Opening> openings) {
        return String.format(
                Locale.ROOT,
                "%s: %d messages, %d delivered, %d dead, %d expired, %d attempts, %d of them retries, opened %d times",
                name,
                fates.size(),
                ended("delivered"),
                ended("dead"),
                ended("expired"),
                attempts().count(),
                attempts().filter(attempt -> attempt.number() > 1).count(),
                openings.size());
    }
}

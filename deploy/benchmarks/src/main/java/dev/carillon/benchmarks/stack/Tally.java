package dev.carillon.benchmarks.stack;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * What became of the requests that were to be sent at a steady rate for some seconds, numbered from 0 in the order in which they are due. For one thread;
 * instants are those of {@link System#nanoTime}.
 */
final class Tally {
    /** Instead of a status: the connection ended before there was an answer. */
    static final int BROKEN = -1;

    private static final int NO_ANSWER = 0;

    private final int seconds;
    private final double spacing;
    private final long begin;
    private final int[] statuses;
    private final double[] sentLate;
    private final double[] millis;
    private int sent;
    private int mostInFlight;
    private Duration cpu = Duration.ZERO;

    Tally(double rate, int seconds, long begin) {
        int count = (int) (rate * seconds);
        this.seconds = seconds;
        this.spacing = 1e9 / rate;
        this.begin = begin;
        this.statuses = new int[count];
        this.sentLate = new double[count];
        this.millis = new double[count];
    }

    /** When nothing is sent any more. */
    long end() {
        return begin + seconds * 1_000_000_000L;
    }

    /** When the next one is due; the end, when there is none. */
    long nextAt() {
        return sent < statuses.length ? dueAt(sent) : end();
    }

    boolean isDue(long now) {
        return sent < statuses.length && dueAt(sent) - now <= 0;
    }

    private long dueAt(int number) {
        return begin + (long) (number * spacing);
    }

    /** The number of the next one. */
    int next() {
        return sent;
    }

    /** @param inFlight how many wait for their answer, with this one */
    void sending(long now, int inFlight) {
        sentLate[sent] = (now - dueAt(sent)) / 1e6;
        sent++;
        mostInFlight = Math.max(mostInFlight, inFlight);
    }

    /** @param status of the answer, or {@link #BROKEN} */
    void concluded(int number, int status, long now) {
        statuses[number] = status;
        millis[number] = (now - dueAt(number)) / 1e6;
    }

    /** What sending them and reading the answers took until the end. */
    void cost(Duration spent) {
        cpu = spent;
    }

    private static boolean isAccepted(int status) {
        return status == 201 || status == 202;
    }

    private static boolean isOther(int status) {
        return status > 0 && !isAccepted(status) && status != 429 && status != 503;
    }

    private IntStream sentWith(IntPredicate status) {
        return IntStream.range(0, sent).filter(i -> status.test(statuses[i]));
    }

    private int count(IntPredicate status) {
        return (int) sentWith(status).count();
    }

    private Samples samples(IntPredicate status) {
        return Samples.of(sentWith(status).mapToDouble(i -> millis[i]).toArray());
    }

    /** How many were accepted, whenever the answer came. */
    int accepted() {
        return count(Tally::isAccepted);
    }

    /** By the answers that came until the end. */
    double acceptedASecond() {
        return sentWith(Tally::isAccepted)
                        .filter(i -> i * spacing / 1e6 + millis[i] <= seconds * 1e3)
                        .count()
                / (double) seconds;
    }

    /** From the instant when a request was due until its answer was there, of those that were accepted. */
    Samples acceptedMillis() {
        return samples(Tally::isAccepted);
    }

    int notAccepted() {
        return statuses.length - accepted();
    }

    /** How long after the beginning the last one was due that was not accepted; 0 when all were. */
    double lastNotAcceptedMillis() {
        return IntStream.range(0, statuses.length)
                .filter(i -> !isAccepted(statuses[i]))
                .mapToDouble(i -> i * spacing / 1e6)
                .max()
                .orElse(0);
    }

    void addTo(Map<String, Object> row) {
        row.put("offered/s", statuses.length / (double) seconds);
        row.put("accepted/s", acceptedASecond());
        row.put("offered", statuses.length);
        row.put("accepted", accepted());
        row.put("503", count(status -> status == 503));
        row.put("429", count(status -> status == 429));
        row.put("other answers", count(Tally::isOther));
        row.put("broken", count(status -> status == BROKEN));
        row.put("unanswered", count(status -> status == NO_ANSWER));
        row.put("not sent", statuses.length - sent);
        acceptedMillis().addTo(row);
        row.put("503 p99 ms", samples(status -> status == 503).percentile(0.99));
        row.put("most in flight", mostInFlight);
        row.put("sent late p99 ms", Samples.of(Arrays.copyOf(sentLate, sent)).percentile(0.99));
        row.put("load's CPU %", cpu.toMillis() / 10.0 / seconds);
    }
}

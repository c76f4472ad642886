package dev.carillon.delivery.containment;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many calls may be open at once: no more than a bound, and no more than would end within their time, at the pace at which whoever is called has
 * answered lately. A call counts from its permit to its end, so most of them may be waiting for a connection. Not thread-safe.
 */
public final class OpenCalls {
    /**
     * @param most the bound
     * @param connections how many calls are really made at once; the others wait for a connection
     * @param patience how long a call may wait for one; null if the pace does not matter
     */
    public record Limits(
            int most, int connections, @Nullable Duration patience) {
        public Limits {
            if (most < 1 || connections < 1) {
                throw new IllegalArgumentException("at least one call must be possible at once");
            }
        }
    }

    private static final double AT_FIRST_SECONDS = 0.01;
    // A few slow calls, such as the first ones to a receiver, mean little; a few quick ones mean that it is quick.
    private static final double WEIGHT_OF_SLOWER = 0.02;
    private static final double WEIGHT_OF_QUICKER = 0.2;

    private final Limits limits;
    private int open;
    private int calling;
    private double serviceSeconds = AT_FIRST_SECONDS;

    OpenCalls(Limits limits) {
        this.limits = limits;
    }

    public int open() {
        return open;
    }

    public int limit() {
        var patience = limits.patience;
        if (patience == null) {
            return limits.most;
        }
        double inTime = limits.connections * patience.toMillis() / 1e3 / Math.max(serviceSeconds, 1e-6);
        return (int) Math.min(limits.most, Math.max(limits.connections, inTime));
    }

    boolean isFree() {
        return open < limit();
    }

    /** How many more the bound allows, whatever the pace. */
    int free() {
        return Math.max(0, limits.most - open);
    }

    void take() {
        open++;
    }

    void release() {
        open--;
    }

    /** A call is made. Returns its place among those that are being made, from 1. */
    int begins() {
        return ++calling;
    }

    /** A call has ended that was made. */
    void ends() {
        calling--;
    }

    boolean hasToWait(int place) {
        return place > limits.connections;
    }

    /** What a call itself took, without its wait for a connection: as the one of that place it waited for as many others as share a connection. */
    Duration itself(int place, Duration took) {
        return hasToWait(place)
                ? Duration.ofNanos(Math.round((double) took.toNanos() * limits.connections / place))
                : took;
    }

    /** Whoever is called took so long for a call. */
    void learn(Duration itself) {
        double difference = itself.toNanos() / 1e9 - serviceSeconds;
        serviceSeconds += difference * (difference > 0 ? WEIGHT_OF_SLOWER : WEIGHT_OF_QUICKER);
    }
}

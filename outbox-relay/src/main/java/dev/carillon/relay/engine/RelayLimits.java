package dev.carillon.relay.engine;

import java.time.Duration;

/**
 * How one source's relay paces itself.
 *
 * @param lease of a lane, by the database's clock
 * @param renewEvery how often leases are renewed; a small part of {@code lease}
 * @param windowEvents most events between being read and being settled
 * @param windowBytes most bytes of payloads that wait or are on their way; a single larger one is let in alone
 * @param rest least pause after a read, hint or not, unless it came back full; no longer than {@code idlePoll}
 * @param idlePoll the pause after a read that did not come back full; a hint ends it
 * @param saveEvery how often positions are written down: what a crash repeats
 * @param retryAfter pause after a failure of the broker or the database
 */
public record RelayLimits(
        Duration lease,
        Duration renewEvery,
        int windowEvents,
        long windowBytes,
        Duration rest,
        Duration idlePoll,
        Duration saveEvery,
        Duration retryAfter) {

    /** Waits for one answer of a database are cut here, so that a lost connection cannot stop a source. */
    public static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    /**
     * Nothing more is published while what was acknowledged cannot be written down for this long: it would come again if the database, or the way to
     * it, turns out to be gone.
     */
    public static final Duration UNWRITTEN_AT_MOST = Duration.ofSeconds(1);

    public static final RelayLimits DEFAULTS = new RelayLimits(
            Duration.ofSeconds(4),
            Duration.ofSeconds(1),
            4_000,
            16L << 20,
            Duration.ofMillis(5),
            Duration.ofSeconds(1),
            Duration.ofMillis(250),
            Duration.ofMillis(250));

    public RelayLimits {
        if (renewEvery.multipliedBy(2).compareTo(lease) > 0) {
            throw new IllegalArgumentException(
                    "Leases of %s cannot be renewed every %s: renew at least twice in a lease"
                            .formatted(lease, renewEvery));
        }
        if (rest.compareTo(idlePoll) > 0) {
            throw new IllegalArgumentException(
                    "A rest of %s is longer than the pause of an idle outbox, %s".formatted(rest, idlePoll));
        }
    }

    public RelayLimits withRest(Duration other) {
        return new RelayLimits(lease, renewEvery, windowEvents, windowBytes, other, idlePoll, saveEvery, retryAfter);
    }
}

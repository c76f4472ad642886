package dev.carillon.delivery.containment;

import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;

/** Tells those that have to wait when to come back: one after another, so that a thousand do not come at once. Not thread-safe. */
final class Line {
    private final DoubleSupplier random;
    private final TreeMap<Long, Integer> comingBack = new TreeMap<>();
    private Instant last = Instant.EPOCH;

    /** @param random from 0 to 1 */
    Line(DoubleSupplier random) {
        this.random = random;
    }

    /**
     * One more waits.
     *
     * @param notBefore when there may be room for the first
     * @param interval how far apart the others come after it
     * @param spread by how much at most each of them comes later than that, at random
     */
    Instant join(Instant notBefore, Duration interval, Duration spread) {
        var next = last.plus(interval);
        last = next.isAfter(notBefore) ? next : notBefore;
        var back = last.plusNanos(Math.round(spread.toNanos() * random.getAsDouble()));
        return comesBack(back);
    }

    /** One more waits, who is to come before all others. */
    Instant comesBack(Instant back) {
        comingBack.merge(back.getEpochSecond(), 1, Integer::sum);
        return back;
    }

    /** Whether others are to come before whoever comes now. */
    boolean isHeld(Instant now) {
        return last.isAfter(now);
    }

    /** How many are still to come back. */
    int waiting(Instant now) {
        comingBack.headMap(now.getEpochSecond()).clear();
        return comingBack.values().stream().mapToInt(Integer::intValue).sum();
    }
}

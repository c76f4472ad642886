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
    // When one of them came, or when the first of them is to.
    private Instant seen = Instant.EPOCH;

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
    Instant join(Instant notBefore, Duration interval, Duration spread, Instant now) {
        var next = last.plus(interval);
        if (next.isAfter(notBefore)) {
            last = next;
        } else {
            last = notBefore;
            seen = notBefore;
        }
        var back = last.plusNanos(Math.round(spread.toNanos() * random.getAsDouble()));
        return comesBack(back, now);
    }

    /** One more waits, who is to come before all others. */
    Instant comesBack(Instant back, Instant now) {
        forgetPast(now);
        comingBack.merge(back.getEpochSecond(), 1, Integer::sum);
        return back;
    }

    /** One of those that wait has come. */
    void comes(Instant now) {
        seen = now.isAfter(seen) ? now : seen;
    }

    /** Holds up nobody any more for those that were to come if none has for so long: they were recalled, or have expired. */
    void giveUpAfter(Duration patience, Instant now) {
        if (isHeld(now) && seen.plus(patience).isBefore(now)) {
            last = now;
            seen = now;
        }
    }

    /** Whether others are to come before whoever comes now. */
    boolean isHeld(Instant now) {
        return last.isAfter(now);
    }

    /** How many are still to come back. */
    int waiting(Instant now) {
        forgetPast(now);
        return comingBack.values().stream().mapToInt(Integer::intValue).sum();
    }

    private void forgetPast(Instant now) {
        comingBack.headMap(now.getEpochSecond()).clear();
    }

    /** How many seconds it remembers in which some come back; for tests. */
    int remembered() {
        return comingBack.size();
    }
}

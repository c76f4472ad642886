package dev.carillon.delivery.containment;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a host that have failed lately, by a time-out or by an answer that says so: one of them alone says nothing about the host, several do. Counts
 * since the host's breaker is in its present state, and within its window. Remembers a few. Not thread-safe.
 */
final class FailingAddresses {
    /** From so many on it is the host that fails. */
    private static final int SEVERAL = 3;

    private static final int REMEMBERED = 16;

    private record Failures(Instant since, int number) {}

    private final Breaker breaker;
    private final Duration window;
    private final int mostOfOne;
    // By the hash of the address, in the order of their first failures. Two of one hash are taken for one, which only
    // makes it judge the host more
    // mildly.
    private final Map<Integer, Failures> failures = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Failures> eldest) {
            return size() > REMEMBERED;
        }
    };

    FailingAddresses(Breaker breaker) {
        this.breaker = breaker;
        this.window = breaker.limits().window();
        // However much is sent to one of them, it takes several to come to as many calls as open a breaker.
        this.mostOfOne = Math.ceilDiv(breaker.limits().leastCalls(), SEVERAL);
    }

    /** One has failed. Returns whether that speaks against the host. */
    boolean failed(String address, Instant now) {
        forget(now);
        var known = failures.getOrDefault(address.hashCode(), new Failures(now, 0));
        failures.put(address.hashCode(), new Failures(known.since, known.number + 1));
        return known.number < mostOfOne && failures.size() >= SEVERAL;
    }

    /** Until when it is remembered to have failed; null when it is not. */
    @Nullable Instant rememberedUntil(String address, Instant now) {
        forget(now);
        var known = failures.get(address.hashCode());
        return known == null ? null : known.since.plus(window);
    }

    boolean areNone(Instant now) {
        forget(now);
        return failures.isEmpty();
    }

    private void forget(Instant now) {
        var eldest = failures.values().iterator();
        while (eldest.hasNext() && isOver(eldest.next(), now)) {
            eldest.remove();
        }
    }

    private boolean isOver(Failures one, Instant now) {
        return one.since.isBefore(breaker.since()) || !one.since.plus(window).isAfter(now);
    }
}

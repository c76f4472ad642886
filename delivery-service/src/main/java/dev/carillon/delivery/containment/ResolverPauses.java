package dev.carillon.delivery.containment;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.DoubleSupplier;

/**
 * For how long those wait that were not called because too many other names were being looked up: ever longer, until they have waited for the longest time. Whatever
 * is not called after that either is an attempt that has failed, each time, so that it ends. However many of one tenant there are, they come back at a bounded pace. Thread-safe.
 */
public final class ResolverPauses {
    private static final int DELIVERIES = 100_000;
    private static final int TENANTS = 1_000;
    // Whoever has not come back by then was called by another instance, was recalled, or has ended.
    private static final Duration FORGOTTEN_AFTER = Duration.ofHours(1);
    private static final Duration APART = Duration.ofMillis(2);

    private record Pause(Duration length, Instant begunAt) {}

    private final Duration first;
    private final Duration longest;
    private final InstantSource clock;
    private final DoubleSupplier random;
    // By delivery, the eldest first.
    private final Map<UUID, Pause> pauses = new LinkedHashMap<>(16, 0.75f, true);
    // By tenant: until when others come back before whoever is to wait now.
    private final Map<String, Instant> lines = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > TENANTS;
        }
    };

    /**
     * @param random from 0 to 1
     * @throws IllegalArgumentException for pauses that would not grow, or be none
     */
    public ResolverPauses(Duration first, Duration longest, InstantSource clock, DoubleSupplier random) {
        if (!first.isPositive() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "a pause for names to be looked up is above zero and no longer than the longest");
        }
        this.first = first;
        this.longest = longest;
        this.clock = clock;
        this.random = random;
    }

    /** For how long this delivery is to wait that was not called, once more; empty if it has waited for so long that this is an attempt. */
    public synchronized Optional<Duration> next(UUID deliveryId, String tenant) {
        var now = clock.instant();
        forgetOld(now);
        var before = pauses.get(deliveryId);
        var length = before == null ? first : shorter(before.length.multipliedBy(2), longest);
        if (before == null && pauses.size() >= DELIVERIES) {
            // Of those that there is no room for nobody knows how often they have waited.
            return Optional.of(spread(longest, tenant, now));
        }
        pauses.put(deliveryId, new Pause(length, now));
        return before != null && before.length.equals(longest)
                ? Optional.empty()
                : Optional.of(spread(length, tenant, now));
    }

    /** It was called: what it has waited for is over. */
    public synchronized void called(UUID deliveryId) {
        pauses.remove(deliveryId);
    }

    /** At random, so that those that were told together do not come back together, and the later the more of its tenant were told so just now. */
    private Duration spread(Duration length, String tenant, Instant now) {
        var others = lines.get(tenant);
        var line = (others != null && others.isAfter(now) ? others : now).plus(APART);
        lines.put(tenant, line);
        var own = Duration.ofNanos(Math.round(length.toNanos() * (1 + random.getAsDouble()) / 2));
        return own.plus(Duration.between(now, line));
    }

    private void forgetOld(Instant now) {
        var eldest = pauses.values().iterator();
        while (eldest.hasNext() && eldest.next().begunAt.plus(FORGOTTEN_AFTER).isBefore(now)) {
            eldest.remove();
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

package dev.carillon.delivery.channel.webhook;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What look-ups came to of late, so that nobody waits for a turn to hear it again. Addresses are kept as long as the JVM keeps them by default; that there
 * are none is kept for longer the longer it took, so that a name whose name servers hang takes a small part of a thread. Not thread-safe.
 */
final class KnownHosts {
    private static final int MOST = 10_000;
    private static final Duration ADDRESSES = Duration.ofSeconds(30);
    private static final int TIMES_THE_LOOKUP = 6;
    private static final Duration LEAST_FOR_NONE = Duration.ofSeconds(10);
    private static final Duration MOST_FOR_NONE = Duration.ofMinutes(2);

    private record Known(HostAnswer answer, long sinceNanos, Duration kept) {
        boolean isOver(long nowNanos) {
            return nowNanos - sinceNanos >= kept.toNanos();
        }
    }

    // By name, the oldest first.
    private final Map<String, Known> names = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MOST;
        }
    };

    Optional<HostAnswer> answer(String host, long nowNanos) {
        Known known = names.get(host);
        if (known == null) {
            return Optional.empty();
        }
        if (known.isOver(nowNanos)) {
            names.remove(host);
            return Optional.empty();
        }
        return Optional.of(known.answer);
    }

    /** @param took the look-up */
    void keep(String host, HostAnswer answer, Duration took, long nowNanos) {
        names.remove(host);
        names.put(host, new Known(answer, nowNanos, answer.failure() == null ? ADDRESSES : forNone(took)));
    }

    private static Duration forNone(Duration took) {
        Duration kept = took.multipliedBy(TIMES_THE_LOOKUP);
        if (kept.compareTo(LEAST_FOR_NONE) < 0) {
            return LEAST_FOR_NONE;
        }
        return kept.compareTo(MOST_FOR_NONE) < 0 ? kept : MOST_FOR_NONE;
    }
}

package dev.carillon.kit.limits;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/**
 * A bucket for each who has asked of late. One that is full again is forgotten, for a new one would be no different. When {@link #MOST} are in use, who comes
 * new is given one that is not remembered: memory is bounded whatever happens, and somebody's limit is not.
 */
final class Buckets<K> {
    static final int MOST = 100_000;

    /** Up to which nothing is gained by forgetting. */
    static final int FEW = 1_000;

    static final Duration BETWEEN_SWEEPS = Duration.ofSeconds(1);

    private final Map<K, TokenBucket> inUse = new ConcurrentHashMap<>();
    private final Function<K, Quota> quotas;
    private final AtomicLong nextSweep;

    Buckets(Function<K, Quota> quotas, long now) {
        this.quotas = quotas;
        this.nextSweep = new AtomicLong(now);
    }

    TokenBucket of(K who, long now) {
        var bucket = inUse.get(who);
        return bucket == null ? newOne(who, now) : bucket;
    }

    private TokenBucket newOne(K who, long now) {
        if (inUse.size() >= FEW) {
            forgetFull(now);
        }
        return inUse.size() >= MOST
                ? new TokenBucket(quotas.apply(who), now)
                : inUse.computeIfAbsent(who, one -> new TokenBucket(quotas.apply(one), now));
    }

    /** By one thread, and not more often than is worth it. One who takes from a bucket while it is forgotten has that token for nothing. */
    private void forgetFull(long now) {
        long next = nextSweep.get();
        if (now - next >= 0 && nextSweep.compareAndSet(next, now + BETWEEN_SWEEPS.toNanos())) {
            inUse.values().removeIf(bucket -> bucket.isFull(now));
        }
    }

    int size() {
        return inUse.size();
    }
}

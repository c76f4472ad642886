package dev.carillon.kit.limits;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket, kept as the instant at which it is full again (the generic cell rate algorithm of ITU-T I.371, which grants the same): one number, and no
 * lock. Instants are nanoseconds of {@link System#nanoTime}.
 */
final class TokenBucket {
    private final Quota quota;
    private final long interval;
    private final long window;
    private final AtomicLong fullAt;

    /** One that is full. */
    TokenBucket(Quota quota, long now) {
        this.quota = quota;
        this.interval = quota.interval();
        this.window = quota.window();
        this.fullAt = new AtomicLong(now);
    }

    /** Takes a token if there is one; answers 0 then, and otherwise the nanoseconds until there is one. */
    long take(long now) {
        while (true) {
            long full = fullAt.get();
            long fullThen = (full - now > 0 ? full : now) + interval;
            long wait = fullThen - now - window;
            if (wait > 0) {
                return wait;
            }
            if (fullAt.compareAndSet(full, fullThen)) {
                return 0;
            }
        }
    }

    /** Whether it is as a new one would be. */
    boolean isFull(long now) {
        return fullAt.get() - now <= 0;
    }

    Quota quota() {
        return quota;
    }
}

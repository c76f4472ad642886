package dev.carillon.kit.timer;

import java.time.Duration;

/** Small batches and little patience, so that tests see in seconds what takes a service minutes. */
record NodeSettings(Duration lease, Duration window, Duration horizon, int held) implements TimerSettings {
    static final Duration LEASE = Duration.ofSeconds(2);

    NodeSettings(Duration lease, Duration window, int held) {
        this(lease, window, window.multipliedBy(4), held);
    }

    /** Room for all that a test arms. */
    static NodeSettings usual() {
        return within(Duration.ofSeconds(40));
    }

    static NodeSettings within(Duration window) {
        return new NodeSettings(LEASE, window, 1000);
    }

    @Override
    public int batch() {
        return 50;
    }

    @Override
    public Duration gather() {
        return Duration.ofMillis(1);
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(3);
    }

    @Override
    public int concurrency() {
        return 2;
    }
}

package dev.carillon.benchmarks.stack;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting for what takes a while. */
final class Patience {
    private Patience() {}

    /** Returns when it holds, or when the time is over: the report says what is missing. */
    static void until(BooleanSupplier condition, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < end) {
            sleep(Duration.ofMillis(10));
        }
    }

    static void sleep(Duration howLong) {
        try {
            Thread.sleep(howLong);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

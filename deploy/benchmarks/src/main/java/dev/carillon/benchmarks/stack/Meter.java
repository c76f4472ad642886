package dev.carillon.benchmarks.stack;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What the stack spends between two instants to come. */
final class Meter {
    private final CompletableFuture<StackCpu> atBegin;
    private final CompletableFuture<StackCpu> atEnd;

    /** @param from in microseconds since the epoch */
    Meter(LocalStack stack, long from, long to) {
        atBegin = reading(stack, from);
        atEnd = reading(stack, to);
    }

    private static CompletableFuture<StackCpu> reading(LocalStack stack, long micros) {
        var then = CompletableFuture.delayedExecutor(Math.max(0, micros - Micros.now()), TimeUnit.MICROSECONDS);
        return CompletableFuture.supplyAsync(stack::cpu, then);
    }

    /** Waits until the second instant has come. */
    StackCpu spent() {
        return atEnd.join().since(atBegin.join());
    }
}

package dev.carillon.benchmarks.relay;

import dev.carillon.relay.Lane;
import dev.carillon.relay.OutboxEvent;
import dev.carillon.relay.Publication;
import dev.carillon.relay.RelayObserver;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** When each event, known by its version, was first acknowledged. */
final class Acknowledgements implements RelayObserver {
    private final long[] atNanos;
    private final CountDownLatch left;
    private final AtomicInteger repeats = new AtomicInteger();

    Acknowledgements(int events) {
        this.atNanos = new long[events];
        this.left = new CountDownLatch(events);
    }

    @Override
    public void published(OutboxEvent event, Duration sinceOccurred) {
        int index = (int) event.version();
        if (atNanos[index] == 0) {
            atNanos[index] = System.nanoTime();
            left.countDown();
        } else {
            repeats.incrementAndGet();
        }
    }

    @Override
    public void publishFailed(OutboxEvent event, Publication outcome) {}

    @Override
    public void parked(int events) {}

    @Override
    public void leaseLost(Lane lane) {}

    void awaitAll(Duration within) throws InterruptedException {
        if (!left.await(within.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException(left.getCount() + " events were not acknowledged within " + within);
        }
    }

    long atNanos(int index) {
        return atNanos[index];
    }

    long firstNanos() {
        return java.util.Arrays.stream(atNanos).min().orElse(0);
    }

    long lastNanos() {
        return java.util.Arrays.stream(atNanos).max().orElse(0);
    }

    int repeats() {
        return repeats.get();
    }
}

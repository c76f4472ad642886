package dev.carillon.benchmarks.stack;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/** When each of the messages numbered from 0 arrived first, and how often it did. */
final class Arrivals {
    private final AtomicLongArray firstAt;
    private final AtomicIntegerArray times;
    private final AtomicInteger arrived = new AtomicInteger();
    private final AtomicInteger strays = new AtomicInteger();

    Arrivals(int capacity) {
        firstAt = new AtomicLongArray(capacity);
        times = new AtomicIntegerArray(capacity);
    }

    /** @param micros since the epoch */
    void add(int number, long micros) {
        if (number < 0 || number >= times.length()) {
            strays.incrementAndGet();
        } else if (times.incrementAndGet(number) == 1) {
            firstAt.set(number, micros);
            arrived.incrementAndGet();
        }
    }

    /** How many have arrived at all. */
    int arrived() {
        return arrived.get();
    }

    boolean has(int number) {
        return times.get(number) > 0;
    }

    /** In microseconds since the epoch, of one that has arrived. */
    long firstAt(int number) {
        return firstAt.get(number);
    }

    /** How many have arrived more than once. */
    int repeated() {
        int repeated = 0;
        for (int i = 0; i < times.length(); i++) {
            repeated += times.get(i) > 1 ? 1 : 0;
        }
        return repeated;
    }
}

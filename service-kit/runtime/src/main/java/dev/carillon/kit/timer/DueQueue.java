package dev.carillon.kit.timer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Hands entries over when they are due, never before, on one thread of its own that sleeps until the next one: microseconds late on an idle
 * machine, where a timer of the event loop would be a millisecond. A queue that gathers lets what is due wait a little for what will be, so that they are
 * handed over together; never longer than that, and not at all what was added late.
 *
 * @param <T> what is due
 */
public final class DueQueue<T> implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(DueQueue.class);

    // Bounds the sleep, because the clock that entries are compared with may be corrected meanwhile.
    private static final long LONGEST_SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final String name;
    private final InstantSource clock;
    private final int largestBatch;
    private final Duration gather;
    private final Consumer<List<T>> whenDue;
    private final TreeSet<Entry<T>> entries = new TreeSet<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;
    private long added;
    private boolean closed;

    /**
     * @param name its thread's, by which its bugs are told from others'
     * @param whenDue runs on this queue's thread, so it must hand over and return. What it throws is logged; those that it was given are not given again, and the next ones are
     */
    public DueQueue(String name, InstantSource clock, int largestBatch, Consumer<List<T>> whenDue) {
        this(name, clock, largestBatch, Duration.ZERO, whenDue);
    }

    /** @param gather how long at most an entry that is due waits for others */
    DueQueue(String name, InstantSource clock, int largestBatch, Duration gather, Consumer<List<T>> whenDue) {
        this.name = name;
        this.clock = clock;
        this.largestBatch = largestBatch;
        this.gather = gather;
        this.whenDue = whenDue;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    public void add(Instant dueAt, T value) {
        addAll(List.of(value), one -> dueAt);
    }

    /** All at once, so that those of them that are due are handed over together. */
    public void addAll(Collection<T> values, Function<T, Instant> dueAt) {
        lock.lock();
        try {
            var before = entries.isEmpty() ? null : entries.first();
            values.forEach(one -> entries.add(new Entry<>(dueAt.apply(one), added++, one)));
            if (!entries.isEmpty() && entries.first() != before) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    public int size() {
        lock.lock();
        try {
            return entries.size();
        } finally {
            lock.unlock();
        }
    }

    /** When the last one is due. */
    public Optional<Instant> latest() {
        lock.lock();
        try {
            return entries.isEmpty() ? Optional.empty() : Optional.of(entries.last().dueAt);
        } finally {
            lock.unlock();
        }
    }

    /** Takes out what is due last, so that no more than {@code most} stay. */
    public List<T> keepEarliest(int most) {
        lock.lock();
        try {
            var out = new ArrayList<T>();
            while (entries.size() > most) {
                out.add(entries.removeLast().value);
            }
            return out;
        } finally {
            lock.unlock();
        }
    }

    /** Takes everything out, due or not. */
    public List<T> clear() {
        lock.lock();
        try {
            var all = entries.stream().map(Entry::value).toList();
            entries.clear();
            return all;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        for (var due = next(); due != null; due = next()) {
            handOver(due);
        }
    }

    /** Whatever a bug makes of these, those after them are due as well. */
    private void handOver(List<T> due) {
        try {
            whenDue.accept(due);
        } catch (Throwable bug) {
            LOG.errorf(bug, "Queue %s: what was done with %d that were due failed by a bug", name, due.size());
        }
    }

    /** Waits for the next due entries; null once closed. */
    private @Nullable List<T> next() {
        lock.lock();
        try {
            while (!closed) {
                var now = clock.instant();
                if (!entries.isEmpty() && !entries.first().dueAt.plus(gather).isAfter(now)) {
                    return takeDue(now);
                }
                sleep(now);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private List<T> takeDue(Instant now) {
        var due = new ArrayList<T>();
        while (!entries.isEmpty()
                && due.size() < largestBatch
                && !entries.first().dueAt.isAfter(now)) {
            due.add(entries.removeFirst().value);
        }
        return due;
    }

    @SuppressWarnings("WaitNotInLoop") // next() is the loop
    private void sleep(Instant now) {
        long nanos = LONGEST_SLEEP_NANOS;
        if (!entries.isEmpty()) {
            var wait = Duration.between(now, entries.first().dueAt.plus(gather));
            nanos = wait.compareTo(Duration.ofNanos(LONGEST_SLEEP_NANOS)) < 0 ? wait.toNanos() : LONGEST_SLEEP_NANOS;
        }
        try {
            changed.awaitNanos(nanos);
        } catch (InterruptedException stop) {
            closed = true;
        }
    }

    /** @param number tells those of one instant from each other */
    private record Entry<T>(Instant dueAt, long number, T value) implements Comparable<Entry<T>> {
        @Override
        public int compareTo(Entry<T> other) {
            int byInstant = dueAt.compareTo(other.dueAt);
            return byInstant != 0 ? byInstant : Long.compare(number, other.number);
        }
    }
}

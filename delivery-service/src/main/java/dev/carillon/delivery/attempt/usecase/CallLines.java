package dev.carillon.delivery.attempt.usecase;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;

/**
 * Calls whose instant has come and that wait for others to the same receiver, in the order in which they came: no more of them begin than can be made at once, so that
 * the rest are no more than what they were before, however many are due at one instant. Thread-safe.
 *
 * @param <T> a call
 */
final class CallLines<T> {
    private final Map<Object, Line<T>> lines = new HashMap<>();

    private static final class Line<T> {
        private final Queue<T> waiting = new ArrayDeque<>();
        private int begun;
    }

    /**
     * Whether this call begins now; otherwise {@link #ended} gives it when its turn has come.
     *
     * @param most how many calls to this receiver are made at once
     */
    synchronized boolean begins(Object receiver, int most, T call) {
        var line = lines.computeIfAbsent(receiver, ignored -> new Line<>());
        if (line.begun < most) {
            line.begun++;
            return true;
        }
        line.waiting.add(call);
        return false;
    }

    /** A call to this receiver that had begun has ended. Gives the one that begins in its place, if any waits. */
    synchronized Optional<T> ended(Object receiver) {
        var line = lines.get(receiver);
        if (line == null) {
            throw new IllegalStateException("no call to this receiver has begun");
        }
        var next = Optional.ofNullable(line.waiting.poll());
        if (next.isEmpty() && --line.begun == 0) {
            lines.remove(receiver);
        }
        return next;
    }
}

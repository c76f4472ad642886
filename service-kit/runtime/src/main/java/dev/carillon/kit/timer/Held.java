package dev.carillon.kit.timer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The timers in this node's memory: never more than a bound, and then the earliest. What the bound pushes out is given up, and to be released in the
 * database, so that whoever has room may have it, this node itself when it has room again.
 */
final class Held {
    private final int most;
    private final Duration headStart;
    private final DueQueue<Due> queue;
    // What is in the queue, so that a timer found again is not in it twice. One that was moved or disarmed meanwhile
    // stays until it is due: its row then says no.
    private final Set<Due> held = ConcurrentHashMap.newKeySet();
    private final Set<Due> givenUp = ConcurrentHashMap.newKeySet();

    /** @param whenDue runs on the queue's thread */
    Held(String kind, InstantSource clock, TimerSettings settings, Duration headStart, Consumer<List<Due>> whenDue) {
        this.most = settings.held();
        this.headStart = headStart;
        this.queue = new DueQueue<>("timers-" + kind, clock, settings.batch(), settings.gather(), whenDue);
    }

    void start() {
        queue.start();
    }

    void close() {
        queue.close();
    }

    int size() {
        return held.size();
    }

    boolean isHalfEmpty() {
        return held.size() <= most / 2;
    }

    /** When full, only what is due before this is worth holding. */
    Instant before() {
        return held.size() < most
                ? Instant.MAX
                : queue.latest().map(latest -> latest.plus(headStart)).orElse(Instant.MAX);
    }

    /** Those that were not held yet. Gives whether any of them stayed. */
    boolean hold(Collection<Due> claimed) {
        var added = claimed.stream().filter(held::add).toList();
        givenUp.removeAll(added);
        queue.addAll(added, one -> one.dueAt().minus(headStart));
        var out = queue.keepEarliest(most);
        givenUp.addAll(out);
        held.removeAll(out);
        return added.stream().anyMatch(one -> !givenUp.contains(one));
    }

    /** Until {@code at}, whenever they were due. */
    void holdUntil(Instant at, List<Due> again) {
        queue.addAll(again.stream().filter(held::add).toList(), one -> at);
    }

    /** Those that the queue has handed over. */
    void letGo(List<Due> due) {
        due.forEach(held::remove);
    }

    List<Due> givenUp() {
        return List.copyOf(givenUp);
    }

    void released(List<Due> all) {
        all.forEach(givenUp::remove);
    }

    /** Of a lease that has ended. */
    void clear() {
        queue.clear();
        held.clear();
        givenUp.clear();
    }
}

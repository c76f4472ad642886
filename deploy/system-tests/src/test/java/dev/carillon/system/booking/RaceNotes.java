package dev.carillon.system.booking;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What those who race were told, from many threads. */
final class RaceNotes {

    private final Map<String, Integer> outcomes = new ConcurrentHashMap<>();
    private final Queue<String> surprises = new ConcurrentLinkedQueue<>();

    void outcome(String what) {
        outcomes.merge(what, 1, Integer::sum);
    }

    void surprise(String what) {
        surprises.add(what);
    }

    /** How often each wish came to each outcome. */
    Map<String, Integer> tally() {
        return new TreeMap<>(outcomes);
    }

    /** Answers that should not have been given. */
    List<String> surprises() {
        return List.copyOf(surprises);
    }
}

package dev.carillon.kit.timer;

import java.time.Instant;
import java.util.UUID;

/** A timer held in memory: a hint that the row of that id and version may be fired at {@code dueAt}; the row decides. */
public record Due(UUID id, Instant dueAt, long version) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
        int byInstant = dueAt.compareTo(other.dueAt);
        return byInstant != 0 ? byInstant : id.compareTo(other.id);
    }
}

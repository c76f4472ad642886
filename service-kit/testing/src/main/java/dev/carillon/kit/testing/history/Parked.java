package dev.carillon.kit.testing.history;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event that was put aside and not published since: it waits for an operator, or one left it out for ever.
 *
 * @param leftOutAt the end of its key's partition just before the operator left it out; null while it waits
 */
public record Parked(UUID id, @Nullable Long leftOutAt) {
    public static Parked waiting(UUID id) {
        return new Parked(id, null);
    }

    public static Parked leftOut(UUID id, long endOfPartition) {
        return new Parked(id, endOfPartition);
    }

    /** Whether later events of its key had still to wait when this offset was written. */
    boolean heldUp(long offset) {
        return leftOutAt == null || offset < leftOutAt;
    }
}

package dev.carillon.relay.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * From where a lane is read on, as it is saved.
 *
 * @param base everything that it shows is settled
 * @param target the batch being settled is what this shows and {@code base} does not; null when none was begun
 * @param last settled in this batch up to here
 * @param settled beyond {@code last}, in this batch or later ones
 */
record Position(Snapshot base, @Nullable Snapshot target, long last, List<Long> settled) {
    static final Position START = new Position(Snapshot.BEFORE_ALL, null, 0, List.of());
}

package dev.carillon.relay;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who has which lane of a source, as its database saw it just before the renewal that brought this along.
 *
 * @param paused an operator has stopped this source
 */
public record LaneCensus(List<Entry> lanes, boolean paused) {

    /**
     * @param free nobody's lease counts any more, by the database's clock
     * @param renewed it was the asker's under the epoch asked for, and its lease runs anew
     */
    public record Entry(Lane lane, @Nullable String owner, boolean free, boolean renewed) {}
}

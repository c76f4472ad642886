package dev.carillon.relay;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who has which lane of a source, as its database saw it just before the renewal that brought this along.
 *
 * @param paused an operator has stopped this source
 * @param foreign why nothing of it may be published before an operator has adopted it; null when it is the database that it was
 */
public record LaneCensus(
        List<Entry> lanes, boolean paused, @Nullable String foreign) {

    /**
     * @param free nobody's lease counts any more, by the database's clock
     * @param renewed it was the asker's under the epoch asked for, and its lease runs anew
     */
    public record Entry(Lane lane, @Nullable String owner, boolean free, boolean renewed) {}
}

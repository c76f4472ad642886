package dev.carillon.relay.engine;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a source's relay is, as its loop last said.
 *
 * @param withheld topics that events wait for, each with why
 * @param databaseFailure what went wrong when its leases were last to be renewed; null when nothing did
 * @param foreign why nothing is published before an operator has adopted the source; null when it is the database that it was
 */
public record SourceHealth(
        int lanes,
        boolean paused,
        Map<String, String> withheld,
        @Nullable String databaseFailure,
        @Nullable String foreign) {}

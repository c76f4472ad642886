package dev.carillon.kit.inbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long consumers remember, and when they stop instead of giving up record after record. */
@ConfigMapping(prefix = "carillon.inbox")
public interface InboxSettings {
    /**
     * How long an event that was applied is remembered, by the day in its id. Must be longer than {@code carillon.inbox.topic-retention} and
     * {@code carillon.inbox.redrive-horizon} together, or the service does not start.
     */
    @WithDefault("P30D")
    Duration retention();

    /** How long the topics that are read keep their records: must not be shorter than their {@code retention.ms}. */
    @WithDefault("P7D")
    Duration topicRetention();

    /** How long after it failed a dead letter may be redriven: must not be shorter than {@code retention.ms} of the topics of dead letters. */
    @WithDefault("P14D")
    Duration redriveHorizon();

    /** When the failures of a partition are systemic, so that it is paused. */
    Flood flood();

    /** When the failures of a partition are systemic. */
    interface Flood {
        /** The part of the latest records of a partition that fail, from which on it is paused; above 1 it never is. */
        @WithDefault("0.5")
        double share();

        /** How many of the latest records have to have failed at least. */
        @WithDefault("10")
        int least();

        /** How many records are the latest ones. */
        @WithDefault("50")
        int window();

        /** After how long a paused partition's records are tried again; doubled each time, up to the longest wait. */
        @WithDefault("PT1S")
        Duration firstWait();

        /** After how long at most a paused partition's records are tried again. */
        @WithDefault("PT30S")
        Duration longestWait();
    }

    /** @throws IllegalArgumentException that says which setting is wrong, and why */
    default void check() {
        var least = topicRetention().plus(redriveHorizon());
        if (retention().compareTo(least) <= 0) {
            throw new IllegalArgumentException(
                    ("carillon.inbox.retention (%s) must be longer than carillon.inbox.topic-retention (%s) and carillon.inbox.redrive-horizon"
                                    + " (%s) together: an event could come again after it was forgotten")
                            .formatted(retention(), topicRetention(), redriveHorizon()));
        }
        if (!(flood().share() > 0)) {
            throw new IllegalArgumentException("carillon.inbox.flood.share must be above 0");
        }
        if (flood().least() < 1 || flood().window() < flood().least()) {
            throw new IllegalArgumentException(
                    "carillon.inbox.flood.least must be 1 or more, and carillon.inbox.flood.window not less than it");
        }
    }
}

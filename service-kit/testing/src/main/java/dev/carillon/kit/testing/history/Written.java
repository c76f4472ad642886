package dev.carillon.kit.testing.history;

import java.util.UUID;

/**
 * An event that a service wrote in a transaction.
 *
 * @param order where it stands among the events of its key: they grow as the key's transactions commit, because a writer holds the key's lock
 */
public record Written(UUID id, String topic, String key, long order) {
    /** What is kept in order: one key of one topic. */
    record Line(String topic, String key) {}

    Line line() {
        return new Line(topic, key);
    }
}

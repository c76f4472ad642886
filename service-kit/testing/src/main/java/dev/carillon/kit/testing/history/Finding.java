package dev.carillon.kit.testing.history;

import java.util.UUID;

/** A rule that was broken, by which event, and how. */
public record Finding(Rule rule, UUID event, String key, String detail) {
    @Override
    public String toString() {
        return rule + ": event " + event + " of key " + key + ": " + detail;
    }
}

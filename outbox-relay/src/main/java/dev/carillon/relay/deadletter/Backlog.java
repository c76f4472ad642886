package dev.carillon.relay.deadletter;

import java.util.Map;

/**
 * Where a topic of dead letters stands.
 *
 * @param partitions by number
 */
public record Backlog(DeadLetterTopic topic, Map<Integer, Span> partitions) {

    /**
     * One partition's offsets.
     *
     * @param start of what is still kept
     * @param next what a redrive would begin with
     * @param end after the last one
     */
    public record Span(long start, long next, long end) {}

    /** How many have not been redriven. */
    public long waiting() {
        return partitions.values().stream()
                .mapToLong(span -> span.end - span.next)
                .sum();
    }

    /** How many are kept that have been. */
    public long redriven() {
        return partitions.values().stream()
                .mapToLong(span -> span.next - span.start)
                .sum();
    }
}

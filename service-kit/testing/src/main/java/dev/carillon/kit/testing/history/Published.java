package dev.carillon.kit.testing.history;

import java.time.Instant;
import java.util.UUID;

/**
 * One delivery of an event, as a reader of its topic saw it.
 *
 * @param at when its producer made the record
 */
public record Published(UUID id, String topic, int partition, long offset, Instant at) {}

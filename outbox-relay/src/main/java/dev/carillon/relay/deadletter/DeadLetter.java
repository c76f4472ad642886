package dev.carillon.relay.deadletter;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One dead letter.
 *
 * @param headers as text; of one that is there several times, the last
 * @param size bytes of the value
 * @param payload the beginning of the value as text
 * @param redriven whether it was put back on its topic
 */
public record DeadLetter(
        int partition,
        long offset,
        @Nullable String key,
        Map<String, String> headers,
        int size,
        String payload,
        boolean redriven) {}

package dev.carillon.benchmarks.pending;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A statement that PostgreSQL has run.
 *
 * @param buffers how many pages it touched, found in memory or read
 * @param rows how many rows it gave back, or changed if it gives none back
 */
record Explained(String sql, long buffers, double millis, long rows) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param plan what {@code auto_explain} writes, as JSON */
    static Explained of(double millis, String plan) {
        try {
            var tree = JSON.readTree(plan);
            var top = tree.path("Plan");
            return new Explained(
                    tree.path("Query Text").asText(),
                    top.path("Shared Hit Blocks").asLong()
                            + top.path("Shared Read Blocks").asLong(),
                    millis,
                    rows(top));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(plan, e);
        }
    }

    private static long rows(JsonNode top) {
        long given = top.path("Actual Rows").asLong();
        var below = top.path("Plans").path(0).path("Actual Rows").asLong();
        return given > 0 || !top.path("Node Type").asText().equals("ModifyTable") ? given : below;
    }
}

package dev.carillon.kit.testing.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.UUID;

/** Makes the smallest instance of a schema, as far as the events' schemas go. */
final class SmallestInstance {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private SmallestInstance() {}

    /** @param schema of an object */
    static ObjectNode of(JsonNode schema) {
        var instance = NODES.objectNode();
        schema.path("required")
                .forEach(name -> instance.set(
                        name.asText(), value(schema.path("properties").path(name.asText()))));
        return instance;
    }

    private static JsonNode value(JsonNode schema) {
        if (schema.has("examples")) {
            return schema.get("examples").get(0);
        }
        if (schema.has("const")) {
            return schema.get("const");
        }
        if (schema.has("enum")) {
            return schema.get("enum").get(0);
        }
        return switch (schema.path("type").asText()) {
            case "object" -> of(schema);
            case "array" -> NODES.arrayNode();
            case "integer" -> IntNode.valueOf(schema.path("minimum").asInt(0));
            case "boolean" -> BooleanNode.FALSE;
            case "string" -> TextNode.valueOf(text(schema.path("format").asText()));
            default -> throw new AssertionError("No instance of " + schema);
        };
    }

    private static String text(String format) {
        return switch (format) {
            case "uuid" -> UUID.randomUUID().toString();
            case "date-time" -> "2026-01-01T00:00:00Z";
            case "uri" -> "https://example.org/";
            default -> "x";
        };
    }
}

package dev.carillon.kit.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes to a released schema, made on purpose. */
class SchemaComparisonTest {
    private static final JsonNode STAGED =
            EventContract.of("carillon.message.staged.v1").document();

    static Stream<Arguments> breakers() {
        return Stream.of(
                breaker("/dueAt is gone", schema -> at(schema, "/properties").remove("dueAt")),
                breaker("/to/url is gone", schema -> at(schema, "/properties/to/properties")
                        .remove("url")),
                breaker("/orderingKey is required now", schema -> required(schema, "")
                        .add("orderingKey")),
                breaker("/version is required now", schema -> {
                    at(schema, "/properties").putObject("version").put("type", "integer");
                    required(schema, "").add("version");
                }),
                breaker("/source may be absent now", schema -> required(schema, "")
                        .remove(5)),
                breaker("/generation has another type", schema -> at(schema, "/properties/generation")
                        .put("type", "string")),
                breaker("/orderingKey has another type", schema -> at(schema, "/properties/orderingKey")
                        .putArray("type")
                        .add("string")
                        .add("null")),
                breaker("/dueAt has another format", schema -> at(schema, "/properties/dueAt")
                        .remove("format")),
                breaker("/generation has another minimum", schema -> at(schema, "/properties/generation")
                        .put("minimum", 2)),
                breaker("/orderingKey has another maxLength", schema -> at(schema, "/properties/orderingKey")
                        .put("maxLength", 9)),
                breaker("/to/channel has other values", schema -> channels(schema)
                        .remove(0)),
                breaker("/to/channel has other values", schema -> channels(schema)
                        .add("sms")),
                breaker("/content/attachments/items/name is gone", schema -> at(
                                schema, "/properties/content/properties/attachments/items/properties")
                        .remove("name")),
                breaker("/metadata/* has another type", schema -> at(
                                schema, "/properties/metadata/additionalProperties")
                        .put("type", "integer")),
                breaker("/* is another", schema -> schema.put("additionalProperties", false)),
                breaker(
                        "goes to another place",
                        schema -> schema.put(
                                "description",
                                "Topic carillon.message.other.v1; key: tenant/ordering key, else the message id.")),
                breaker(
                        "goes to another place",
                        schema -> schema.put("description", "Topic carillon.message.staged.v1; key: the message id.")));
    }

    @ParameterizedTest
    @MethodSource("breakers")
    void what_readers_of_the_released_form_would_stumble_over_is_named(String said, Consumer<ObjectNode> change) {
        assertThat(SchemaComparison.breaches(STAGED, changed(change)))
                .singleElement()
                .asString()
                .startsWith(said);
    }

    @Test
    void fields_that_may_be_absent_and_words_may_come() {
        JsonNode newer = changed(schema -> {
            at(schema, "/properties").putObject("priority").put("type", "integer");
            at(schema, "/properties/to/properties").putObject("locale").put("type", "string");
            at(schema, "/properties/dueAt").put("description", "When it is due");
            schema.put("title", "Another title");
            schema.put("description", schema.get("description").asText() + " And more.");
        });

        assertThat(SchemaComparison.breaches(STAGED, newer)).isEmpty();
        assertThat(SchemaComparison.breaches(STAGED, STAGED)).isEmpty();
    }

    private static Arguments breaker(String said, Consumer<ObjectNode> change) {
        return Arguments.of(said, change);
    }

    private static JsonNode changed(Consumer<ObjectNode> change) {
        ObjectNode copy = STAGED.deepCopy();
        change.accept(copy);
        return copy;
    }

    private static ObjectNode at(ObjectNode schema, String pointer) {
        return (ObjectNode) schema.at(pointer);
    }

    private static ArrayNode required(ObjectNode schema, String pointer) {
        return (ArrayNode) schema.at(pointer + "/required");
    }

    private static ArrayNode channels(ObjectNode schema) {
        return (ArrayNode) schema.at("/properties/to/properties/channel/enum");
    }
}

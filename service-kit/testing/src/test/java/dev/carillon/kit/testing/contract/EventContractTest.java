package dev.carillon.kit.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventContractTest {
    private static final EventContract RECALLED = EventContract.of("carillon.message.recalled.v1");

    static Iterable<String> types() {
        return EventContract.types();
    }

    @ParameterizedTest
    @MethodSource("types")
    void a_documented_schema_says_what_it_is_about_and_which_fields_are_always_there(String type) {
        var document = EventContract.of(type).document();
        assertThat(document.at("/$id").asText()).isEqualTo("urn:carillon:event:" + type);
        assertThat(document.at("/title").asText()).isNotBlank();
        assertThat(document.at("/description").asText()).contains("Topic carillon.", "key");
        assertThat(document.at("/required")).isNotEmpty();
        // Consumers ignore what they do not know, so a schema does not close the door on it either.
        assertThat(document.has("additionalProperties")).isFalse();
    }

    @ParameterizedTest
    @MethodSource("types")
    void the_least_that_may_be_said_keeps_the_contract(String type) {
        assertThat(EventContract.of(type).smallest(Map.of())).contains("fieldOfALaterVersion");
    }

    @Test
    void a_payload_that_keeps_the_contract_is_let_through() {
        var kept = payload();
        assertThat(RECALLED.check(kept)).isSameAs(kept);
    }

    @Test
    void a_missing_a_malformed_and_an_undocumented_field_are_each_named() {
        assertThatThrownBy(() -> RECALLED.check(payload().without("generation")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("generation");
        assertThatThrownBy(() -> RECALLED.check(payload().put("messageId", "nine")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("messageId");
        assertThatThrownBy(() -> RECALLED.check(payload().put("colour", "red")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("colour");
    }

    @Test
    void a_type_that_nobody_documented_is_refused() {
        assertThatThrownBy(() -> EventContract.of("carillon.message.sung.v1"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("carillon.message.sung.v1");
    }

    private static ObjectNode payload() {
        try {
            JsonNode read = new ObjectMapper().readTree("""
                    {"messageId":"01a2047a-2151-7158-9e9d-934c9e8108bd","generation":1}""");
            return (ObjectNode) read;
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }
}

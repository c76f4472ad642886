package dev.carillon.kit.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.carillon.kit.json.StorableText.UnstorableText;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
    record Body(
            @Nullable String text,
            int number,
            @Nullable Boolean flag,
            @Nullable JsonNode tree,
            @Nullable Map<String, String> map,
            @Nullable List<String> list,
            @Nullable UUID id) {}

    record Times(Instant at, Duration length, @Nullable String absent) {}

    private final ObjectMapper mapper = new ObjectMapper().registerModule(new JavaTimeModule());

    StrictJsonTest() {
        new StrictJson().customize(mapper);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"unknown\":1}",
                "{\"text\":\"a\",\"text\":\"b\"}",
                "{\"text\":\"a\"} trailing",
                "{\"text\":5}",
                "{\"text\":true}",
                "{\"text\":1.5}",
                "{\"text\":{}}",
                "{\"number\":\"5\"}",
                "{\"number\":1.0}",
                "{\"number\":null}",
                "{\"number\":99999999999}",
                "{\"flag\":\"true\"}",
                "{\"flag\":1}",
                "{\"map\":{\"a\":1}}",
                "{\"map\":[]}",
                "{\"list\":\"a\"}",
                "{\"list\":{}}",
                "{\"id\":\"\"}",
                "{\"id\":\" \"}",
                "{\"id\":\"x\"}",
                "{\"id\":\"1-1-1-1-1\"}",
                "{\"id\":\" 0197a0b0-0000-7000-8000-000000000000\"}",
                "{\"id\":\"AZegsAAAcACAAAAAAAAAAA==\"}",
                "{\"id\":5}",
                "{\"id\":[]}",
                "{\"text\":'a'}",
                "{\"number\":NaN}",
                "{\"number\":01}",
                "[]",
                "",
            })
    void what_is_not_exactly_the_shape_asked_for_is_refused(String json) {
        assertThatThrownBy(() -> mapper.readValue(json, Body.class)).isInstanceOf(JacksonException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"text\":\"a\\u0000\"}",
                "{\"text\":\"\\ud800\"}",
                "{\"text\":\"\\udc00x\"}",
                "{\"tree\":{\"a\":[\"\\u0000\"]}}",
                "{\"tree\":{\"\\ud83d\":1}}",
                "{\"map\":{\"\\u0000\":\"a\"}}",
                "{\"map\":{\"a\":\"\\ud800\"}}",
                "{\"list\":[\"a\",\"\\u0000\"]}",
            })
    void text_that_cannot_be_stored_is_refused_wherever_it_stands(String json) {
        assertThatThrownBy(() -> mapper.readValue(json, Body.class)).isInstanceOf(UnstorableText.class);
    }

    @Test
    void an_id_is_read_as_it_is_written_and_none_is_none() throws JsonProcessingException {
        var body = mapper.readValue("{\"number\":1,\"id\":\"0197A0B0-0000-7000-8000-00000000000f\"}", Body.class);
        assertThat(body.id()).isEqualTo(UUID.fromString("0197a0b0-0000-7000-8000-00000000000f"));
        assertThat(mapper.readValue("{\"number\":1,\"id\":null}", Body.class).id())
                .isNull();
    }

    @Test
    void every_other_text_is_taken_as_it_is() throws JsonProcessingException {
        var body = mapper.readValue("{\"text\":\"\\ud83d\\ude00 ünï \\u0001\",\"number\":1}", Body.class);
        assertThat(body.text()).isEqualTo("😀 ünï \u0001");
    }

    @Test
    void a_number_keeps_its_digits() throws JsonProcessingException {
        var numbers = "{\"a\":1e400,\"b\":0.12345678901234567890,\"c\":1.50,\"d\":123456789012345678901234567890}";
        var tree = mapper.readValue("{\"number\":1,\"tree\":" + numbers + "}", Body.class)
                .tree();
        assertThat(String.valueOf(tree))
                .isEqualTo("{\"a\":1E+400,\"b\":0.12345678901234567890,\"c\":1.50,"
                        + "\"d\":123456789012345678901234567890}");
    }

    @Test
    void instants_and_durations_are_written_as_text_and_what_is_absent_is_left_out() throws JsonProcessingException {
        assertThat(mapper.writeValueAsString(new Times(Instant.EPOCH, Duration.ofMinutes(5), null)))
                .isEqualTo("{\"at\":\"1970-01-01T00:00:00Z\",\"length\":\"PT5M\"}");
    }
}

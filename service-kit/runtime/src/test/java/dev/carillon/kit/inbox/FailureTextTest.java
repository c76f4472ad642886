package dev.carillon.kit.inbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.kit.event.EventHeaders.UnreadableEvent;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FailureTextTest {
    private static final String PERSONAL = "ana@example.org";
    private final ObjectMapper json = new ObjectMapper();

    record Payload(UUID messageId, Map<String, Integer> metadata) {}

    @Test
    void a_parsers_value_is_left_out_and_its_place_is_kept() {
        assertThat(textOf("{\"messageId\":\"%s\"}".formatted(PERSONAL)))
                .isEqualTo("UnreadableEvent: The payload is not readable < InvalidFormatException at /messageId")
                .doesNotContain(PERSONAL);
        assertThat(textOf("{\"metadata\":{\"%s\":\"x\"}}".formatted(PERSONAL)))
                .endsWith("InvalidFormatException at /metadata/*")
                .doesNotContain(PERSONAL);
        assertThat(textOf("{\"messageId\": %s}".formatted(PERSONAL)))
                .contains("JsonParseException at 1:")
                .doesNotContain(PERSONAL);
    }

    @Test
    void a_bugs_message_is_left_out_and_its_place_is_kept() {
        assertThat(FailureText.of(new IllegalStateException("no channel for " + PERSONAL)))
                .startsWith("IllegalStateException at dev.carillon.kit.inbox.FailureTextTest")
                .doesNotContain(PERSONAL);
    }

    @Test
    void the_text_is_bounded_in_bytes_and_ends_with_a_whole_character() {
        var text = FailureText.of(new UnreadableEvent("ü€😀".repeat(1_000)));
        assertThat(text.getBytes(UTF_8)).hasSizeBetween(FailureText.MOST_BYTES - 3, FailureText.MOST_BYTES);
        assertThat(new String(text.getBytes(UTF_8), UTF_8)).isEqualTo(text);
        assertThat(FailureText.bounded("short", 5)).isEqualTo("short");
    }

    private String textOf(String payload) {
        try {
            json.readValue(payload, Payload.class);
            throw new AssertionError("readable");
        } catch (IOException unreadable) {
            return FailureText.of(new UnreadableEvent("The payload is not readable", unreadable));
        }
    }
}

package dev.carillon.delivery.attempt.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.delivery.channel.Content;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageReadingTest {
    private final MessageReading reading = new MessageReading(new ObjectMapper());

    @Test
    void each_of_a_contents_words_is_read_for_what_it_is() {
        var read = reading.content("""
                {"subject":"s","text":"t","html":"h","markdown":"m","from":"f","replyTo":"r","later":true}""");
        assertThat(read).isEqualTo(new Content.Message("s", "t", "h", "m", List.of(), "f", "r"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{\"attachments\":[null]}",
                "{\"attachments\":[{\"name\":\"a.pdf\",\"contentType\":\"application/pdf\"}]}",
                "{\"attachments\":[{\"contentType\":\"application/pdf\",\"base64\":\"YQ==\"}]}",
                "{\"attachments\":[{\"name\":\"a.pdf\",\"base64\":\"no base64!\"}]}"
            })
    void a_content_that_is_none_is_said_to_be_none(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> reading.content(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"channel\":\"email\"}", "{\"channel\":\"webhook\",\"url\":null}"})
    void a_destination_that_is_none_is_said_to_be_none(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> reading.destination(text));
    }
}

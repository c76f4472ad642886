package dev.carillon.delivery.attempt.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.delivery.channel.Content;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageReadingTest {
    @Test
    void each_of_a_contents_words_is_read_for_what_it_is() {
        var read = new MessageReading(new ObjectMapper()).content("""
                {"subject":"s","text":"t","html":"h","markdown":"m","from":"f","replyTo":"r","later":true}""");
        assertThat(read).isEqualTo(new Content.Message("s", "t", "h", "m", List.of(), "f", "r"));
    }
}

package dev.carillon.delivery.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ExcerptTest {

    @Test
    void a_body_is_cut_between_characters_never_inside_one() {
        String cut = Objects.requireNonNull(Excerpt.ofBody("a" + "€".repeat(Excerpt.BODY_BYTES)));

        assertThat(cut).matches("a€+");
        assertThat(cut.getBytes(StandardCharsets.UTF_8).length).isBetween(Excerpt.BODY_BYTES - 3, Excerpt.BODY_BYTES);
    }

    @Test
    void bytes_that_are_no_text_become_text_that_a_database_takes() {
        assertThat(Excerpt.ofBody(new byte[] {'o', 0, 'k', (byte) 0xFF, '\n', 27}))
                .isEqualTo("ok\uFFFD\n");
    }

    @Test
    void nothing_is_null() {
        assertThat(Excerpt.ofBody("")).isNull();
        assertThat(Excerpt.ofBody(new byte[0])).isNull();
    }

    @Test
    void an_error_is_one_bounded_line() {
        assertThat(Excerpt.ofError(" a\r\n\tb\u0000c ")).isEqualTo("a b c");
        assertThat(Excerpt.ofError("😀".repeat(400)))
                .hasSizeLessThanOrEqualTo(Excerpt.ERROR_CHARS)
                .endsWith("😀…");
    }
}

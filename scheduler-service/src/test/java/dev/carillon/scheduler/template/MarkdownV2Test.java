package dev.carillon.scheduler.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MarkdownV2Test {
    /** What the Bot API says must be escaped, beside the backslash itself. */
    private static final String RESERVED = "_*[]()~`>#+-=|{}.!";

    private static final String CHARACTERS = RESERVED + "\\\\\\&<\"' ab1\nü😀";

    @Test
    void whatever_is_escaped_is_read_as_itself() {
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            var text = text(random);
            assertThat(read(MarkdownV2.escaped(text))).isEqualTo(text);
        }
    }

    @Test
    void whatever_stands_before_it_what_is_escaped_is_read_as_itself() {
        var random = new Random(2);
        for (int i = 0; i < 10_000; i++) {
            var before = "\\".repeat(random.nextInt(5));
            var text = text(random);
            assertThat(read(MarkdownV2.closed(before) + MarkdownV2.escaped(text)))
                    .isEqualTo(read(MarkdownV2.closed(before)) + text);
        }
    }

    @Test
    void only_a_backslash_at_the_end_that_is_open_is_closed() {
        assertThat(Stream.of("", "*bold*", "9\\.", "\\\\", "a\\", "\\\\\\").map(MarkdownV2::closed))
                .containsExactly("", "*bold*", "9\\.", "\\\\", "a\\\\", "\\\\\\\\");
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int length = random.nextInt(12); length > 0; length--) {
            text.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
        }
        return text.toString();
    }

    /** As the Bot API says: a backslash takes its meaning from any character from 1 to 126, and a reserved one that keeps it begins or ends something. */
    private static String read(String markdown) {
        var read = new StringBuilder();
        boolean escaped = false;
        for (char c : markdown.toCharArray()) {
            if (!escaped && c == '\\') {
                escaped = true;
                continue;
            }
            if (!escaped && RESERVED.indexOf(c) >= 0) {
                throw new AssertionError(c + " has a meaning in " + markdown);
            }
            if (escaped && c > 126) {
                throw new AssertionError("A backslash has no meaning before " + c + " in " + markdown);
            }
            read.append(c);
            escaped = false;
        }
        assertThat(escaped).as("a backslash is left open in " + markdown).isFalse();
        return read.toString();
    }
}

package dev.carillon.booking.availability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.booking.availability.Placeholders.Found;
import dev.carillon.booking.availability.Placeholders.Malformed;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlaceholdersTest {
    @Test
    void each_name_is_found_once_and_doubled_braces_are_braces() {
        assertThat(Placeholders.of("{a} {b.c} {a} {{not}} <p>}}")).isEqualTo(new Found(Set.of("a", "b.c")));
        assertThat(Placeholders.of("")).isEqualTo(new Found(Set.of()));
    }

    @ParameterizedTest
    @CsvSource({"a {b, 2", "a} b, 1", "{{a}, 3", "{, 0"})
    void a_brace_without_its_other_one_is_found_at_its_place(String text, int position) {
        assertThat(Placeholders.of(text))
                .isInstanceOfSatisfying(Malformed.class, malformed -> assertThat(malformed.position())
                        .isEqualTo(position));
    }
}

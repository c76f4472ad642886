package dev.carillon.booking.bot;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChoiceTest {
    static Stream<Choice> every_choice_is_read_as_it_was_written() {
        var id = UUID.randomUUID();
        return Stream.of(
                new Choice.Service(id),
                new Choice.Day(LocalDate.of(2026, 11, 27)),
                new Choice.Day(LocalDate.of(9999, 12, 31)),
                new Choice.Time(id),
                new Choice.OwnName(),
                new Choice.Confirm(),
                new Choice.Back(),
                new Choice.Stop(),
                new Choice.More(253_402_300_799L),
                new Choice.Move(id),
                new Choice.Cancel(id),
                new Choice.Keep(id));
    }

    @ParameterizedTest
    @MethodSource
    void every_choice_is_read_as_it_was_written(Choice choice) {
        assertThat(Choice.read(choice.code())).contains(choice);
    }

    @ParameterizedTest
    @MethodSource("every_choice_is_read_as_it_was_written")
    void no_button_has_more_than_telegram_takes(Choice choice) {
        var longest = new Conversation("z".repeat(16), Integer.MAX_VALUE, Step.DAY, Draft.EMPTY, Instant.MAX);
        assertThat(longest.data(choice).getBytes(StandardCharsets.UTF_8).length)
                .isLessThanOrEqualTo(Conversation.LARGEST_DATA);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "s",
                "s;DROP TABLE slot",
                "sAAAAAAAAAAAAAAAAAAAAA",
                "s!!!!!!!!!!!!!!!!!!!!!!",
                "d",
                "d1e3",
                "d-1",
                "d2932897",
                "d999999999999999",
                "d99999999999999999999999",
                "m٣",
                "cc",
                "n1",
                "z"
            })
    void what_no_button_has_is_no_choice(String forged) {
        assertThat(Choice.read(forged)).isEmpty();
    }

    @Test
    void a_choice_is_not_written_as_another() {
        var id = UUID.randomUUID();
        assertThat(new Choice.Move(id).code()).isNotEqualTo(new Choice.Cancel(id).code());
    }
}

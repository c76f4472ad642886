package dev.carillon.delivery.attempt.usecase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class CallLinesTest {
    private final CallLines<String> lines = new CallLines<>();

    @Test
    void no_more_calls_begin_than_are_made_at_once_and_the_others_follow_in_the_order_in_which_they_came() {
        assertThat(lines.begins("clinic", 2, "first")).isTrue();
        assertThat(lines.begins("clinic", 2, "second")).isTrue();
        assertThat(lines.begins("clinic", 2, "third")).isFalse();
        assertThat(lines.begins("clinic", 2, "fourth")).isFalse();

        assertThat(lines.ended("clinic")).contains("third");
        assertThat(lines.ended("clinic")).contains("fourth");
        assertThat(lines.ended("clinic")).isEmpty();
        assertThat(lines.ended("clinic")).isEmpty();
    }

    @Test
    void a_place_that_nobody_waits_for_is_free_for_whoever_comes() {
        lines.begins("clinic", 1, "first");

        assertThat(lines.ended("clinic")).isEmpty();

        assertThat(lines.begins("clinic", 1, "second")).isTrue();
    }

    @Test
    void whoever_takes_the_place_of_another_keeps_it_from_those_that_come_later() {
        lines.begins("clinic", 1, "first");
        lines.begins("clinic", 1, "second");

        assertThat(lines.ended("clinic")).contains("second");

        assertThat(lines.begins("clinic", 1, "third")).isFalse();
    }

    @Test
    void receivers_do_not_wait_for_each_other() {
        lines.begins("clinic", 1, "first");

        assertThat(lines.begins("garage", 1, "second")).isTrue();
    }

    @Test
    void a_call_that_has_not_begun_cannot_end() {
        lines.begins("clinic", 1, "first");
        lines.ended("clinic");

        assertThatIllegalStateException().isThrownBy(() -> lines.ended("clinic"));
    }
}

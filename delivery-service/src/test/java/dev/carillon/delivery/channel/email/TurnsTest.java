package dev.carillon.delivery.channel.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private final List<String> came = new ArrayList<>();
    private final Turns<String> turns = new Turns<>(List.of("1", "2"));

    private Consumer<String> guest(String name) {
        return seat -> came.add(name + seat);
    }

    @Test
    void only_so_many_at_once_and_then_in_order_where_one_has_left() {
        turns.take(guest("a"));
        turns.take(guest("b"));
        turns.take(guest("c"));
        turns.take(guest("d"));
        assertThat(came).containsExactly("a1", "b2");

        turns.end("2");
        turns.end("1");
        assertThat(came).containsExactly("a1", "b2", "c2", "d1");
    }

    @Test
    void who_left_is_not_called() {
        Consumer<String> impatient = guest("impatient");
        turns.take(guest("a"));
        turns.take(guest("b"));
        turns.take(impatient);
        turns.take(guest("c"));

        assertThat(turns.leave(impatient)).isTrue();
        turns.end("1");

        assertThat(came).containsExactly("a1", "b2", "c1");
        assertThat(turns.leave(impatient)).isFalse();
    }

    @Test
    void what_was_used_last_is_given_first() {
        turns.take(guest("a"));
        turns.take(guest("b"));
        turns.end("1");
        turns.end("2");

        turns.take(guest("c"));

        assertThat(came).containsExactly("a1", "b2", "c2");
    }

    @Test
    void there_is_at_least_one() {
        assertThatThrownBy(() -> new Turns<String>(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}

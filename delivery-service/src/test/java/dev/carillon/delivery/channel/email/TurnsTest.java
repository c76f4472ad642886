package dev.carillon.delivery.channel.email;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {

    private final List<String> came = new ArrayList<>();
    private final Turns turns = new Turns(2);

    private Runnable guest(String name) {
        return () -> came.add(name);
    }

    @Test
    void only_so_many_at_once_and_then_in_order() {
        turns.take(guest("a"));
        turns.take(guest("b"));
        turns.take(guest("c"));
        turns.take(guest("d"));
        assertThat(came).containsExactly("a", "b");

        turns.end();
        turns.end();
        assertThat(came).containsExactly("a", "b", "c", "d");
    }

    @Test
    void who_left_is_not_called() {
        Runnable impatient = guest("impatient");
        turns.take(guest("a"));
        turns.take(guest("b"));
        turns.take(impatient);
        turns.take(guest("c"));

        assertThat(turns.leave(impatient)).isTrue();
        turns.end();

        assertThat(came).containsExactly("a", "b", "c");
        assertThat(turns.leave(impatient)).isFalse();
    }
}

package dev.carillon.delivery.channel.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.channel.webhook.ConnectionTurns.Bound;
import dev.carillon.delivery.channel.webhook.ConnectionTurns.Turn;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionTurnsTest {
    private static final Bound HOST = new Bound("host", 3);

    private final ConnectionTurns turns = new ConnectionTurns();
    private final List<String> came = new ArrayList<>();

    /** One for this path, of which two may go at once, at a host that lets three in. */
    private Turn of(String path) {
        return turns.within(List.of(new Bound(path, 2), HOST));
    }

    private boolean take(Turn turn, String name) {
        return turn.take(() -> came.add(name));
    }

    private Turn taken(String path) {
        Turn turn = of(path);
        assertThat(take(turn, "at once")).isTrue();
        return turn;
    }

    private Turn waiting(String path, String name) {
        Turn turn = of(path);
        assertThat(take(turn, name)).isFalse();
        return turn;
    }

    @Test
    void whoever_waits_has_its_turn_in_the_order_of_asking_when_another_one_ends() {
        Turn first = taken("a");
        Turn second = taken("a");
        waiting("a", "third");
        waiting("a", "fourth");

        first.end();
        assertThat(came).containsExactly("third");
        second.end();
        assertThat(came).containsExactly("third", "fourth");
    }

    @Test
    void who_waits_for_its_path_takes_nothing_of_the_host() {
        taken("a");
        taken("a");
        waiting("a", "third of a");

        assertThat(take(of("b"), "first of b")).isTrue();
    }

    @Test
    void a_host_s_bound_holds_whatever_the_paths() {
        Turn first = taken("a");
        taken("a");
        taken("b");
        Turn late = waiting("c", "c");

        assertThat(late.hadToWait()).isTrue();
        assertThat(first.hadToWait()).isFalse();
        first.end();
        assertThat(came).containsExactly("c");
    }

    @Test
    void one_that_leaves_while_it_waits_is_passed_over_and_gives_back_what_it_had() {
        taken("a");
        Turn second = taken("a");
        taken("b");
        Turn impatient = waiting("b", "b");
        waiting("b", "next of b");
        waiting("c", "c");

        impatient.end();
        assertThat(came).isEmpty();
        second.end();

        assertThat(came).containsExactly("c");
    }

    @Test
    void ending_twice_gives_back_once() {
        Turn first = taken("a");
        taken("a");
        waiting("a", "third");
        waiting("a", "fourth");

        first.end();
        first.end();

        assertThat(came).containsExactly("third");
    }

    @Test
    void what_nobody_uses_is_forgotten() {
        Turn first = taken("a");
        Turn second = taken("a");
        Turn third = waiting("a", "third");
        of("never asked for").end();

        List.of(third, first, second).forEach(Turn::end);

        assertThat(turns.remembered()).isZero();
    }
}

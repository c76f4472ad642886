package dev.carillon.delivery.containment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LineTest {
    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");
    private static final Duration APART = Duration.ofSeconds(1);

    private final Line line = new Line(() -> 0.5);

    @Test
    void those_that_have_come_back_are_forgotten_whether_or_not_anybody_asks_how_many_wait() {
        for (int second = 0; second < 1_000; second++) {
            var now = NOW.plusSeconds(second);
            line.join(now.plusSeconds(3), APART, Duration.ZERO, now);
        }

        assertThat(line.remembered()).isLessThan(10);
        assertThat(line.waiting(NOW.plusSeconds(999))).isEqualTo(4);
    }

    @Test
    void a_line_is_given_up_when_nobody_has_come_for_long_and_never_before_the_first_is_to_come() {
        var first = NOW.plusSeconds(60);
        for (int i = 0; i < 100; i++) {
            line.join(first, APART, Duration.ZERO, NOW);
        }

        line.giveUpAfter(Duration.ofSeconds(10), first.plusSeconds(9));
        assertThat(line.isHeld(first.plusSeconds(9))).isTrue();
        line.comes(first.plusSeconds(9));
        line.giveUpAfter(Duration.ofSeconds(10), first.plusSeconds(19));
        assertThat(line.isHeld(first.plusSeconds(19))).as("one has come").isTrue();
        line.giveUpAfter(Duration.ofSeconds(10), first.plusSeconds(20));
        assertThat(line.isHeld(first.plusSeconds(20))).isFalse();
    }
}

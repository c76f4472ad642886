package dev.carillon.kit.timer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TickTest {
    private final Tick tick = new Tick(Duration.ofMillis(50));

    @Test
    void what_falls_into_one_tick_ends_with_it_and_never_before() {
        assertThat(tick.endOf(Instant.parse("2026-11-27T09:00:00.000001Z"))).isEqualTo("2026-11-27T09:00:00.050Z");
        assertThat(tick.endOf(Instant.parse("2026-11-27T09:00:00.049999Z"))).isEqualTo("2026-11-27T09:00:00.050Z");
        assertThat(tick.endOf(Instant.parse("2026-11-27T09:00:00.050Z"))).isEqualTo("2026-11-27T09:00:00.050Z");
        assertThat(tick.endOf(Instant.parse("1969-12-31T23:59:59.999999Z"))).isEqualTo("1970-01-01T00:00:00Z");
    }

    @Test
    void a_tick_of_no_length_moves_nothing() {
        var instant = Instant.parse("2026-11-27T09:00:00.012345Z");
        assertThat(new Tick(Duration.ZERO).endOf(instant)).isEqualTo(instant);
    }
}

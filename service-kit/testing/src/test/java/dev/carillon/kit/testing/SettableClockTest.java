package dev.carillon.kit.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class SettableClockTest {

    @Test
    void time_stands_still_until_it_is_moved() {
        var clock = SettableClock.at("2026-11-27T09:00:00Z");
        var kolkata = clock.withZone(ZoneId.of("Asia/Kolkata"));

        assertThat(clock.instant()).isEqualTo("2026-11-27T09:00:00Z");
        assertThat(clock.advance(Duration.ofMinutes(-5))).isEqualTo("2026-11-27T08:55:00Z");
        assertThat(kolkata.instant()).isEqualTo(clock.instant());
        clock.set(Instant.EPOCH);
        assertThat(kolkata.millis()).isZero();
    }
}

package dev.carillon.delivery.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");

    @Test
    void seconds_are_seconds() {
        assertThat(RetryAfter.parse(" 120 ", NOW)).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void an_http_date_is_the_time_until_then() {
        assertThat(RetryAfter.parse("Fri, 27 Nov 2026 09:01:30 GMT", NOW)).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void a_date_that_has_passed_asks_for_nothing() {
        assertThat(RetryAfter.parse("Fri, 27 Nov 2026 08:00:00 GMT", NOW)).isEqualTo(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"86401", "999999999999999999", "Fri, 27 Nov 2099 08:00:00 GMT"})
    void nobody_can_ask_for_more_than_a_day(String header) {
        assertThat(RetryAfter.parse(header, NOW)).isEqualTo(RetryAfter.LIMIT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-5", "1.5", "9999999999999999999999", "27 Nov"})
    void what_is_neither_says_nothing(String header) {
        assertThat(RetryAfter.parse(header, NOW)).isNull();
        assertThat(RetryAfter.parse(null, NOW)).isNull();
    }
}

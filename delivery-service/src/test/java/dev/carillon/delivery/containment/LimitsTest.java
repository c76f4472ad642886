package dev.carillon.delivery.containment;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LimitsTest {
    @Test
    void a_channel_that_could_call_nobody_is_refused_at_start_and_not_at_each_call() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Limits.Pace(1, Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> new Limits.Pace(1, Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new Limits.Pace(0, Duration.ofSeconds(1)));
    }
}

package dev.carillon.delivery.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetryPoliciesTest {
    private static final List<String> CHANNELS = List.of("email", "telegram", "webhook");

    private static RetryPolicies policies(Map<String, List<String>> own) {
        return RetryPolicies.parse(List.of("PT4M"), own, CHANNELS);
    }

    @Test
    void a_channel_has_the_waits_of_its_own_and_the_others_those_of_all() {
        var policies = policies(Map.of("email", List.of("PT1H", "PT2H"), "webhook", List.of("PT5S")));

        assertThat(policies.of("email").waitAfter(2, null, () -> 0.5)).contains(Duration.ofHours(2));
        assertThat(policies.of("webhook").waitAfter(1, null, () -> 0.5)).contains(Duration.ofSeconds(5));
        assertThat(policies.of("webhook").waitAfter(2, null, () -> 0.5)).isEmpty();
        assertThat(policies.of("telegram").waitAfter(1, null, () -> 0.5)).contains(Duration.ofMinutes(4));
    }

    @Test
    void a_channel_that_is_none_is_refused_by_its_name() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> policies(Map.of("pigeon", List.of("PT1H"))))
                .withMessageContaining("carillon.delivery.retry.channels.pigeon")
                .withMessageContaining("email, telegram, webhook");
    }

    @Test
    void a_wait_that_is_none_is_refused_by_the_setting_that_has_it() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> policies(Map.of("telegram", List.of("soon"))))
                .withMessageContaining("carillon.delivery.retry.channels.telegram.waits")
                .withMessageContaining("soon");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RetryPolicies.parse(List.of("later"), Map.of(), CHANNELS))
                .withMessageContaining("carillon.delivery.retry.waits")
                .withMessageContaining("later");
    }
}

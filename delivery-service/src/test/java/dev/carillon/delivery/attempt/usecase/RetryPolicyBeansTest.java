package dev.carillon.delivery.attempt.usecase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.carillon.delivery.DeliverySettings;
import dev.carillon.delivery.attempt.RetryPolicies;
import dev.carillon.delivery.attempt.RetryPolicy;
import dev.carillon.delivery.channel.Channel;
import dev.carillon.delivery.channel.Channels;
import dev.carillon.delivery.channel.Outbound;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.support.SettingsOf;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RetryPolicyBeansTest {
    private static final Channels CHANNELS = new Channels(
            Stream.of("email", "telegram", "webhook").map(Named::new).toList());

    private record Named(String name) implements Channel {
        @Override
        public Duration timeout() {
            return Duration.ofSeconds(1);
        }

        @Override
        public CompletionStage<ProviderAnswer> send(Outbound outbound) {
            return CompletableFuture.failedFuture(new IllegalStateException("nothing is sent here"));
        }
    }

    private static RetryPolicies policies(Map<String, String> environment) {
        return new RetryPolicyBeans().policies(SettingsOf.environment(DeliverySettings.class, environment), CHANNELS);
    }

    @Test
    void without_settings_every_channel_has_the_default() {
        var policies = policies(Map.of());

        for (var channel : CHANNELS.all()) {
            assertThat(policies.of(channel.name())).isEqualTo(RetryPolicy.parse(List.of("PT4M±25", "PT11M±10")));
        }
    }

    @Test
    void a_variable_sets_the_waits_of_its_channel() {
        var policies = policies(Map.of(
                "CARILLON_DELIVERY_RETRY_WAITS", "PT1M",
                "CARILLON_DELIVERY_RETRY_CHANNELS_EMAIL_WAITS", "PT10M±20,PT1H",
                "CARILLON_DELIVERY_RETRY_CHANNELS_TELEGRAM_WAITS", ""));

        assertThat(policies.of("email")).isEqualTo(RetryPolicy.parse(List.of("PT10M±20", "PT1H")));
        assertThat(policies.of("webhook")).isEqualTo(RetryPolicy.parse(List.of("PT1M")));
        assertThat(policies.of("telegram")).isEqualTo(RetryPolicy.parse(List.of("PT1M")));
    }

    @Test
    void a_channel_or_a_wait_that_is_none_is_refused_by_its_name() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> policies(Map.of("CARILLON_DELIVERY_RETRY_CHANNELS_SMS_WAITS", "PT1M")))
                .withMessageContaining("carillon.delivery.retry.channels.sms");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> policies(Map.of("CARILLON_DELIVERY_RETRY_CHANNELS_EMAIL_WAITS", "1 minute")))
                .withMessageContaining("carillon.delivery.retry.channels.email.waits")
                .withMessageContaining("1 minute");
    }
}

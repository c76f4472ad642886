package dev.carillon.delivery.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.delivery.channel.email.EmailChannel;
import dev.carillon.delivery.channel.email.SmtpSettings;
import dev.carillon.delivery.channel.telegram.TelegramChannel;
import dev.carillon.delivery.channel.telegram.TelegramSettings;
import dev.carillon.delivery.channel.webhook.WebhookChannel;
import dev.carillon.delivery.channel.webhook.WebhookSettings;
import dev.carillon.delivery.support.Outbounds;
import dev.carillon.delivery.support.SettingsOf;
import io.smallrye.config.Secret;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class ChannelSettingsTest {

    private static final Vertx VERTX = Vertx.vertx();

    @AfterAll
    static void closeVertx() {
        VERTX.close();
    }

    @Test
    void without_any_setting_every_channel_starts_and_says_what_it_lacks() {
        try (EmailChannel email = new EmailChannel(VERTX, SettingsOf.properties(SmtpSettings.class, Map.of()));
                TelegramChannel telegram =
                        new TelegramChannel(VERTX, SettingsOf.properties(TelegramSettings.class, Map.of()));
                WebhookChannel webhook = new WebhookChannel(
                        VERTX, SettingsOf.properties(WebhookSettings.class, Map.of()), InstantSource.system())) {
            Content text = Content.Message.text("hello");

            assertThat(List.of(
                            email.send(Outbounds.to(new Destination.Email("ana@example.org"), text)),
                            telegram.send(Outbounds.to(new Destination.Telegram("7"), text)),
                            webhook.send(Outbounds.to(
                                    new Destination.WebhookUrl(URI.create("https://example.org/")), text))))
                    .extracting(answer -> answer.toCompletableFuture().join())
                    .allSatisfy(answer -> assertThat(answer)
                            .isInstanceOfSatisfying(ProviderAnswer.Transient.class, lacking -> {
                                assertThat(lacking.reason()).isEqualTo(Reason.NOT_CONFIGURED);
                                assertThat(lacking.error()).contains("carillon.");
                                assertThat(lacking.possiblyDelivered()).isFalse();
                            }));
        }
    }

    @Test
    void defaults_are_the_documented_ones() {
        WebhookSettings webhook = SettingsOf.properties(WebhookSettings.class, Map.of());
        SmtpSettings smtp = SettingsOf.properties(SmtpSettings.class, Map.of());
        TelegramSettings telegram = SettingsOf.properties(TelegramSettings.class, Map.of());

        assertThat(webhook.timeout()).isEqualTo(Duration.ofSeconds(15));
        assertThat(webhook.allowedCidrs()).isEmpty();
        assertThat(smtp.port()).isEqualTo(587);
        assertThat(smtp.trustAll()).isFalse();
        assertThat(telegram.baseUrl()).isEqualTo(URI.create("https://api.telegram.org"));
    }

    @Test
    void the_environment_names_every_setting_of_the_deployment() {
        Map<String, String> environment = Map.of(
                "CARILLON_SMTP_HOST", "relay.example.org",
                "CARILLON_SMTP_PORT", "1025",
                "CARILLON_SMTP_USERNAME", "user",
                "CARILLON_SMTP_PASSWORD", "secret",
                "CARILLON_SMTP_FROM", "Carillon <no-reply@example.org>",
                "CARILLON_TELEGRAM_BASE_URL", "http://localhost:8090",
                "CARILLON_TELEGRAM_TOKEN", "12:ab",
                "CARILLON_WEBHOOK_SECRET", "whsec_bmV3,whsec_b2xk",
                "CARILLON_WEBHOOK_ALLOWED_CIDRS", "127.0.0.0/8,::1/128",
                "CARILLON_DATABASE_HOST", "is nobody's business here");

        SmtpSettings smtp = SettingsOf.environment(SmtpSettings.class, environment);
        assertThat(smtp.host()).contains("relay.example.org");
        assertThat(smtp.port()).isEqualTo(1025);
        assertThat(smtp.username()).contains("user");
        assertThat(smtp.password().map(Secret::get)).contains("secret");
        assertThat(smtp.from()).contains("Carillon <no-reply@example.org>");
        TelegramSettings telegram = SettingsOf.environment(TelegramSettings.class, environment);
        assertThat(telegram.baseUrl()).isEqualTo(URI.create("http://localhost:8090"));
        assertThat(telegram.token().map(Secret::get)).contains("12:ab");
        WebhookSettings webhook = SettingsOf.environment(WebhookSettings.class, environment);
        assertThat(webhook.secret().orElseThrow()).extracting(Secret::get).containsExactly("whsec_bmV3", "whsec_b2xk");
        assertThat(webhook.allowedCidrs().orElseThrow()).containsExactly("127.0.0.0/8", "::1/128");
    }

    @Test
    void empty_variables_count_as_unset() {
        Map<String, String> environment =
                Map.of("CARILLON_SMTP_HOST", "", "CARILLON_SMTP_USERNAME", "", "CARILLON_WEBHOOK_ALLOWED_CIDRS", "");

        assertThat(SettingsOf.environment(SmtpSettings.class, environment).host())
                .isEmpty();
        assertThat(SettingsOf.environment(SmtpSettings.class, environment).username())
                .isEmpty();
        assertThat(SettingsOf.environment(WebhookSettings.class, environment).allowedCidrs())
                .isEmpty();
    }

    @Test
    void a_bad_value_stops_the_start_and_never_repeats_a_secret() {
        String bad = "whsec_" + UUID.randomUUID();
        assertThatThrownBy(() -> webhook(Map.of("carillon.webhook.secret", bad)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(bad.substring(6))
                .hasNoCause();
        assertThatThrownBy(() -> webhook(Map.of("carillon.webhook.allowed-cidrs", "10.0.0.1/8")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EmailChannel(
                        VERTX, SettingsOf.properties(SmtpSettings.class, Map.of("carillon.smtp.from", "nobody"))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new TelegramChannel(
                        VERTX,
                        SettingsOf.properties(TelegramSettings.class, Map.of("carillon.telegram.token", "a/../b"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("a/../b");
    }

    private static WebhookChannel webhook(Map<String, String> properties) {
        return new WebhookChannel(
                VERTX, SettingsOf.properties(WebhookSettings.class, properties), InstantSource.system());
    }
}

package dev.carillon.booking.bot.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.booking.bot.Bot;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BotsTest {
    private static final String PREFIX = "carillon.telegram.bots.acme.";
    private static final Map<String, String> GOOD = Map.of(
            PREFIX + "token", "1001:the-token-itself",
            PREFIX + "secret-token", "the-secret-of-the-webhook",
            PREFIX + "tenant", "acme",
            PREFIX + "resources", "00000000-0000-7000-8000-000000000001,00000000-0000-7000-8000-000000000002");

    private static Bots of(Map<String, String> settings) {
        return new Bots(new SmallRyeConfigBuilder()
                .withMapping(TelegramSettings.class)
                .withDefaultValues(settings)
                .build()
                .getConfigMapping(TelegramSettings.class));
    }

    private static Map<String, String> with(String name, String value) {
        var settings = new HashMap<>(GOOD);
        settings.put(name, value);
        return settings;
    }

    @Test
    void the_secret_says_which_bot_it_is() {
        var settings = new HashMap<>(GOOD);
        settings.put("carillon.telegram.bots.other.token", "1002:another-token");
        settings.put("carillon.telegram.bots.other.secret-token", "another-secret-token");
        settings.put("carillon.telegram.bots.other.tenant", "other");
        var bots = of(settings);
        assertThat(bots.withSecret("the-secret-of-the-webhook").map(Bot::tenant))
                .contains("acme");
        assertThat(bots.withSecret("another-secret-token").map(Bot::name)).contains("other");
        assertThat(bots.withSecret("the-secret-of-the-webhooK")).isEmpty();
        assertThat(bots.withSecret("")).isEmpty();
        assertThat(bots.withSecret(null)).isEmpty();
        assertThat(bots.named("acme", "other")).isEmpty();
    }

    @Test
    void a_bot_offers_what_is_set_and_without_that_everything() {
        var some = of(GOOD).named("acme", "acme").orElseThrow();
        assertThat(some.resources()).hasSize(2);
        assertThat(some.offers(some.resources().getLast())).isTrue();
        assertThat(some.offers(UUID.randomUUID())).isFalse();
        var settings = new HashMap<>(GOOD);
        settings.remove(PREFIX + "resources");
        assertThat(of(settings).named("acme", "acme").orElseThrow().offers(UUID.randomUUID()))
                .isTrue();
    }

    @Test
    void without_token_and_secret_there_is_no_bot() {
        assertThat(of(Map.of(PREFIX + "tenant", "acme")).named("acme", "acme")).isEmpty();
        assertThat(of(Map.of()).withSecret("the-secret-of-the-webhook")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "token,        no-number-before",
        "token,        1001:with a blank",
        "token,        1001:../getMe",
        "secret-token, short",
        "secret-token, with-an-ümlaut-and-long-enough",
        "tenant,       ' '"
    })
    void a_bot_that_cannot_work_is_refused_and_no_secret_is_repeated(String name, String value) {
        assertThatThrownBy(() -> of(with(PREFIX + name, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(PREFIX + name)
                .hasMessageNotContainingAny(
                        "the-token-itself", "the-secret-of-the-webhook", "no-number-before", "ümlaut", "../getMe");
    }

    @Test
    void two_bots_with_one_secret_are_refused() {
        var settings = new HashMap<>(GOOD);
        settings.put("carillon.telegram.bots.other.token", "1002:another-token");
        settings.put("carillon.telegram.bots.other.secret-token", "the-secret-of-the-webhook");
        settings.put("carillon.telegram.bots.other.tenant", "other");
        assertThatThrownBy(() -> of(settings)).hasMessageContaining("same secret-token");
    }

    @Test
    void the_variables_of_the_environment_name_bots() {
        var bots = new Bots(new SmallRyeConfigBuilder()
                .withMapping(TelegramSettings.class)
                .withSources(new EnvConfigSource(
                        Map.of(
                                "CARILLON_TELEGRAM_BOTS_CLINIC_TOKEN", "1003:token",
                                "CARILLON_TELEGRAM_BOTS_CLINIC_SECRET_TOKEN", "the-secret-of-the-clinic",
                                "CARILLON_TELEGRAM_BOTS_CLINIC_TENANT", "clinic"),
                        300))
                .build()
                .getConfigMapping(TelegramSettings.class));
        assertThat(bots.withSecret("the-secret-of-the-clinic").map(Bot::name)).contains("clinic");
    }
}

package dev.carillon.delivery.channel.telegram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.delivery.support.SettingsOf;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BotsTest {
    private static final String SHARED = "carillon.telegram.token";
    private static final String PREFIX = "carillon.telegram.bots.clinic.";
    private static final Map<String, String> GOOD = Map.of(
            SHARED, "1001:the-token-of-all", PREFIX + "token", "1002:the-token-itself", PREFIX + "tenant", "acme");

    private static Bots of(Map<String, String> settings) {
        return new Bots(SettingsOf.properties(TelegramSettings.class, settings));
    }

    private static Map<String, String> with(Map<String, String> more) {
        var settings = new HashMap<>(GOOD);
        settings.putAll(more);
        return settings;
    }

    @Test
    void a_tenant_has_its_own_bot_or_the_one_that_all_share() {
        var bots = of(GOOD);

        assertThat(bots.tokenFor("acme")).isEqualTo("1002:the-token-itself");
        assertThat(bots.tokenFor("other")).isEqualTo("1001:the-token-of-all");
        assertThat(bots.tenants()).containsExactly("acme");
        assertThat(bots.tokens()).containsExactlyInAnyOrder("1001:the-token-of-all", "1002:the-token-itself");
    }

    @Test
    void without_one_that_all_share_who_has_none_of_its_own_has_none() {
        var bots = of(Map.of(PREFIX + "token", "1002:the-token-itself", PREFIX + "tenant", "acme"));

        assertThat(bots.tokenFor("acme")).isEqualTo("1002:the-token-itself");
        assertThat(bots.tokenFor("other")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " "})
    void a_tenant_without_its_bot_s_token_is_refused_and_not_left_to_the_bot_that_all_share(String token) {
        assertThatThrownBy(() -> of(with(Map.of(
                        "carillon.telegram.bots.next.token", token, "carillon.telegram.bots.next.tenant", "next"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "carillon.telegram.bots.next.token is not set", "carillon.telegram.bots.next.tenant");
        assertThatThrownBy(() -> of(with(Map.of("carillon.telegram.bots.next.tenant", "next"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("carillon.telegram.bots.next.token is not set");
    }

    @Test
    void a_bot_of_which_nothing_is_set_is_left_out() {
        var bots = of(with(Map.of("carillon.telegram.bots.next.token", "", "carillon.telegram.bots.next.tenant", "")));

        assertThat(bots.tenants()).containsExactly("acme");
        assertThat(bots.tokenFor("next")).isEqualTo("1001:the-token-of-all");
    }

    @Test
    void the_bot_that_all_share_is_nobody_s_own() {
        var bots = of(with(Map.of(SHARED, "1002:the-token-itself")));

        assertThat(bots.tokenFor("acme")).isEqualTo("1002:the-token-itself");
        assertThat(bots.tenants()).isEmpty();
        assertThat(bots.tokens()).containsExactly("1002:the-token-itself");
    }

    @ParameterizedTest
    @CsvSource({
        "carillon.telegram.token,              no-number-before",
        "carillon.telegram.token,              1001:../getMe",
        "carillon.telegram.bots.clinic.token,  no-number-before",
        "carillon.telegram.bots.clinic.token,  1001:with a blank",
        "carillon.telegram.bots.clinic.token,  1001:../getMe",
        "carillon.telegram.bots.clinic.tenant, ' '"
    })
    void a_bot_that_cannot_work_is_refused_by_its_name_and_no_token_is_repeated(String name, String value) {
        assertThatThrownBy(() -> of(with(Map.of(name, value))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name)
                .hasMessageNotContainingAny(
                        "the-token-of-all", "the-token-itself", "no-number-before", "with a blank", "../getMe");
    }

    @Test
    void two_bots_of_one_tenant_are_refused() {
        assertThatThrownBy(() -> of(with(Map.of(
                        "carillon.telegram.bots.next.token", "1003:another-token",
                        "carillon.telegram.bots.next.tenant", "acme"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("of the tenant acme", "carillon.telegram.bots")
                .hasMessageNotContainingAny("the-token-itself", "another-token");
    }

    @Test
    void one_bot_of_two_tenants_is_refused() {
        assertThatThrownBy(() -> of(with(Map.of(
                        "carillon.telegram.bots.next.token", "1002:the-token-itself",
                        "carillon.telegram.bots.next.tenant", "next"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("same token")
                .hasMessageNotContaining("the-token-itself");
    }

    @Test
    void the_variables_that_booking_reads_serve_delivery_too() {
        var bots = new Bots(SettingsOf.environment(
                TelegramSettings.class,
                Map.of(
                        "CARILLON_TELEGRAM_BOTS_CLINIC_TOKEN", "1003:token",
                        "CARILLON_TELEGRAM_BOTS_CLINIC_SECRET_TOKEN", "the-secret-of-the-clinic",
                        "CARILLON_TELEGRAM_BOTS_CLINIC_TENANT", "clinic",
                        "CARILLON_TELEGRAM_BOTS_CLINIC_RESOURCES", "00000000-0000-7000-8000-000000000001")));

        assertThat(bots.tenants()).containsExactly("clinic");
        assertThat(bots.tokenFor("clinic")).isEqualTo("1003:token");
    }
}

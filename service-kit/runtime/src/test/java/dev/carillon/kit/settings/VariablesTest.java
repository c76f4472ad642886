package dev.carillon.kit.settings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.settings.Variables.Unread;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VariablesTest {
    private static final Variables VARIABLES = Variables.ofCarillon();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CARILLON_RELAY_LEASE",
                "CARILLON_DATABASE_HOST",
                "CARILLON_SMTP_FROM",
                "CARILLON_SWAGGER_UI",
                "CARILLON_RELAY_SOURCES_BOOKING_HOST",
                "CARILLON_LIMITS_TENANTS_SOME_TENANT_TENANT_RATE",
                "CARILLON_LIMITS_TENANTS__SOME_TENANT__TENANT_RATE",
                "CARILLON_TELEGRAM_BOTS_CLINIC_RESOURCES",
                "CARILLON_BODY_LARGEST_AT__V1_MESSAGES_BATCH_",
                "CARILLON_WEBHOOK_SECRET_0_",
                "CARILLON_SCHEDULER_SENDERS_CLINIC_1_"
            })
    void a_setting_of_any_service_is_read(String name) {
        assertThat(unread(name)).isEmpty();
    }

    @Test
    void a_setting_that_exists_no_longer_is_not_read_and_what_it_may_be_called_now_is_named() {
        assertThat(unread("CARILLON_RELAY_BUSY_POLL"))
                .containsExactly(new Unread("CARILLON_RELAY_BUSY_POLL", List.of("CARILLON_RELAY_IDLE_POLL")));
    }

    @Test
    void what_begins_as_settings_do_is_not_read_even_if_it_is_like_none() {
        assertThat(unread("CARILLON_DELIVERY_COLOUR_OF_THE_ENVELOPE"))
                .containsExactly(new Unread("CARILLON_DELIVERY_COLOUR_OF_THE_ENVELOPE", List.of()));
    }

    @Test
    void the_beginning_may_be_misspelt_too() {
        assertThat(unread("CARILLON_SHCEDULER_LEAD"))
                .containsExactly(new Unread("CARILLON_SHCEDULER_LEAD", List.of("CARILLON_SCHEDULER_LEAD")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CARILLON_STATE_DIR",
                "CARILLON_PORT_OFFSET",
                "CARILLON_JAVA_OPTIONS",
                "CARILLON_RUNTIME",
                "CARILLON_API_KEY",
                "CARILLON_ADMIN_TOKEN",
                "CARILLON_TENANT",
                "CARILLON_LEAVE_NOTHING_OUT",
                "CARILLON_STREAMS",
                "CARILLON_RACES_SEED",
                "RELAY_BUSY_POLL",
                "PATH"
            })
    void what_was_never_meant_for_a_service_is_passed_over(String name) {
        assertThat(unread(name)).isEmpty();
    }

    @Test
    void the_warning_names_the_variable_and_what_is_close_to_it() {
        assertThat(UnreadVariables.text(new Unread("CARILLON_SMTP_FORM", List.of("CARILLON_SMTP_FROM"))))
                .startsWith("CARILLON_SMTP_FORM is set")
                .contains("Close to it: CARILLON_SMTP_FROM.");
        assertThat(UnreadVariables.text(new Unread("CARILLON_SMTP_X", List.of())))
                .doesNotContain("Close to it");
    }

    private static List<Unread> unread(String name) {
        return VARIABLES.unread(Set.of(name));
    }
}

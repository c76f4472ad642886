package dev.carillon.kit.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReportTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "carillon.database.password",
                "carillon.telegram.token",
                "carillon.webhook.secret",
                "carillon.secrets.key",
                "carillon.smtp.password",
                "carillon.some.private-thing"
            })
    void a_secret_is_never_shown_only_whether_it_is_set(String name) {
        assertThat(report(Map.of(name, "s3cret"))).containsEntry(name, "(set)");
        assertThat(report(Map.of(name, ""))).containsEntry(name, "(not set)");
    }

    @Test
    void settings_are_shown_with_their_values_and_what_is_not_carillons_is_left_out() {
        assertThat(report(Map.of(
                        "carillon.scheduler.lead", "PT30S",
                        "carillon.jwt.public-key-location", "/etc/key.pem",
                        "kafka.bootstrap.servers", "a:9092",
                        "user.home", "/root")))
                .isEqualTo(Map.of(
                        "carillon.scheduler.lead", "PT30S",
                        "carillon.jwt.public-key-location", "/etc/key.pem",
                        "kafka.bootstrap.servers", "a:9092"));
    }

    private static Map<String, String> report(Map<String, String> settings) {
        var config = new SmallRyeConfigBuilder().withDefaultValues(settings).build();
        return new SettingsReport(config).report();
    }
}

package dev.carillon.system.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DovecotConfigurationTest {

    @ParameterizedTest
    @CsvSource({
        "2.3.19.1 (9b53102964), OF_2_3",
        "2.3.4.1 (f79e8e7e4), OF_2_3",
        "2.4.0, OF_2_4",
        "2.4.1-4 (7d8c0e5759), OF_2_4"
    })
    void each_version_reads_the_configuration_of_its_own_language(String version, DovecotConfiguration expected) {
        assertThat(DovecotConfiguration.of(version)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2.2.36", "2.5.0", "2.30.1", "3.0.1", "Error"})
    void there_is_none_for_any_other(String version) {
        assertThat(DovecotConfiguration.of(version)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void each_says_where_all_is_and_for_whom(DovecotConfiguration configuration) throws IOException {
        assertThat(Files.readString(MailServer.CONFIGURATIONS.resolve(configuration.file())))
                .contains("@folder@", "@user@", "@group@", "@port@", "@password@");
    }

    @Test
    void that_of_two_four_begins_with_its_version_and_has_nothing_that_two_four_took_away() throws IOException {
        List<String> settings =
                Files.readAllLines(MailServer.CONFIGURATIONS.resolve(DovecotConfiguration.OF_2_4.file())).stream()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .toList();

        assertThat(settings.getFirst()).startsWith("dovecot_config_version = 2.4.");
        assertThat(settings).anyMatch(line -> line.startsWith("dovecot_storage_version = 2.4."));
        assertThat(settings)
                .noneMatch(line -> line.startsWith("disable_plaintext_auth"))
                .noneMatch(line -> line.startsWith("mail_location"))
                .noneMatch(line -> line.startsWith("args"))
                .noneMatch(line -> line.matches("(passdb|userdb) \\{"))
                .noneMatch(line -> line.matches(".*%[a-z].*"));
    }
}

package dev.carillon.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SettingsReferenceTest {
    private final SettingsReference reference = SettingsReference.read();

    private static Stream<String> services() {
        return Repository.MODULES.stream().map(SettingsInUse::service);
    }

    @Test
    void the_reference_of_settings_is_what_the_code_says() {
        if (System.getenv("CARILLON_WRITE_REFERENCE") != null) {
            Repository.write(SettingsReference.FILE, reference.text());
        }
        assertThat(SettingsReference.FILE)
                .as(
                        "docs/reference/settings.md is not what the code says: run `make reference`, and read what has changed")
                .hasContent(reference.text());
    }

    @Test
    void the_variables_that_services_do_not_warn_of_are_those_of_the_reference() {
        if (System.getenv("CARILLON_WRITE_REFERENCE") != null) {
            Repository.write(SettingsReference.VARIABLES, reference.variables());
        }
        assertThat(SettingsReference.VARIABLES)
                .as("the variables that the kit knows are not the code's: run `make reference`")
                .hasContent(reference.variables());
    }

    @Test
    void every_setting_of_carillon_that_a_service_knows_is_in_it() {
        Set<String> known = services()
                .flatMap(service -> SettingsInUse.known(service).names().stream())
                .filter(name -> name.startsWith("carillon."))
                .map(name -> name.replace("[*]", ""))
                .collect(Collectors.toSet());
        List<Setting> described = reference.settings().toList();
        assertThat(known).hasSizeGreaterThan(100).allSatisfy(name -> assertThat(described)
                .as(
                        "%s is not described: by its method's Javadoc, or by lines above the property that begin with ##",
                        name)
                .anyMatch(setting -> setting.properties().matcher(name).matches()));
    }

    @Test
    void every_setting_in_it_is_read() {
        assertThat(services())
                .allSatisfy(service -> assertThat(reference.settingsOf(service).map(Setting::known))
                        .isNotEmpty()
                        .isSubsetOf(SettingsInUse.known(service).names()));
    }

    @Test
    void every_setting_has_a_description() {
        assertThat(reference
                        .settings()
                        .filter(setting -> setting.what().isEmpty())
                        .map(Setting::name))
                .as("settings whose methods have no Javadoc")
                .isEmpty();
    }

    @Test
    void the_relay_has_neither_a_database_of_its_own_nor_an_inbox() {
        assertThat(reference.settingsOf("outbox-relay").map(Setting::name))
                .contains("carillon.operators-tenant", "carillon.relay.sources.<source>.rest")
                .noneMatch(name -> name.startsWith("carillon.database.") || name.startsWith("carillon.inbox."));
    }

    @Test
    void a_mapping_is_read_with_its_names_types_defaults_and_comments() {
        var mapping = MappedSettings.of("""
                package some.where;

                /** About {@link Thing#all}. */
                @ConfigMapping(prefix = "carillon.some")
                public interface SomeSettings {
                    /** How long, at most {@code PT1H}. */
                    @WithDefault("PT5S")
                    Duration longestWait();

                    /** Those of {@code <tenant>}. */
                    Map<String, Own> tenants();

                    Optional<List<Secret<String>>> keys();

                    interface Own {
                        /** Which. */
                        Colour colour();
                    }

                    enum Colour {
                        RED,
                        DARK_BLUE
                    }

                    default boolean isLong() {
                        return true;
                    }
                }
                """);
        assertThat(mapping.packageName()).isEqualTo("some.where");
        assertThat(mapping.about()).isEqualTo("About all.");
        assertThat(mapping.settings())
                .containsExactly(
                        new Setting("carillon.some.longest-wait", "duration", "`PT5S`", "How long, at most `PT1H`."),
                        Setting.group("carillon.some.tenants.<tenant>", "Those of `<tenant>`."),
                        new Setting(
                                "carillon.some.tenants.<tenant>.colour", "`red`, `dark-blue`", "must be set", "Which."),
                        new Setting("carillon.some.keys", "list: secret", "none", ""));
        assertThat(mapping.settings().get(2).variable()).isEqualTo("CARILLON_SOME_TENANTS_<TENANT>_COLOUR");
    }
}

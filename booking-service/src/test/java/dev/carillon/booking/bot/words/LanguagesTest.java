package dev.carillon.booking.bot.words;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanguagesTest {
    private static final Pattern COMMAND = Pattern.compile("/[a-z]+");
    private static final Pattern KEY = Pattern.compile("(?m)^[a-z-]+(?==)");

    static List<String> languages() {
        return Languages.ALL;
    }

    private static URL resource(String name) {
        return Objects.requireNonNull(Languages.class.getResource(name), name);
    }

    private static Path file(String language) throws Exception {
        return Path.of(resource(language + ".properties").toURI());
    }

    private static Set<String> commands(String text) {
        return COMMAND.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
    }

    @Test
    void every_file_is_a_language_that_is_spoken() throws Exception {
        try (var files = Files.list(file("en").getParent())) {
            var names = files.map(one -> one.getFileName().toString()).filter(name -> name.endsWith(".properties"));
            assertThat(names.map(name -> name.replace(".properties", "")))
                    .containsExactlyInAnyOrderElementsOf(Languages.ALL);
        }
    }

    @ParameterizedTest
    @MethodSource("languages")
    void a_language_names_the_same_commands_where_english_does(String language) {
        var texts = Languages.texts(language);
        var english = Languages.texts("en");
        assertThat(texts.keySet()).isEqualTo(english.keySet());
        for (var key : english.keySet()) {
            var text = String.valueOf(texts.get(key));
            assertThat(commands(text)).as(key).isEqualTo(commands(String.valueOf(english.get(key))));
        }
    }

    @ParameterizedTest
    @MethodSource("languages")
    void nothing_stands_twice_in_a_file(String language) throws Exception {
        var written = Files.readString(file(language));
        assertThat(KEY.matcher(written).results().map(MatchResult::group))
                .doesNotHaveDuplicates()
                .hasSameSizeAs(Languages.texts(language).keySet());
    }

    @Test
    void files_are_read_as_they_are_written() {
        assertThat(Languages.texts("de")).containsEntry("key-back", "« Zurück");
        assertThat(Languages.texts("fr")).containsEntry("which-day", "Quel jour\u00a0?");
        assertThat(Languages.texts("uk")).containsEntry("for-whom", "Ім’я: {name}");
        assertThat(Languages.texts("en").get("help")).startsWith("I book appointments.\n\n/book – book one\n/bookings");
    }

    @Test
    void a_language_is_the_same_wherever_it_is_spoken() {
        var languages = new Languages();
        assertThat(languages.of("de-AT")).isSameAs(languages.of("de"));
        assertThat(languages.of("pt-BR")).isSameAs(languages.of("pt"));
        assertThat(languages.of("uk")).isNotSameAs(languages.of("ru"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"en-GB", "ja", "zh-Hans", "und", "x-unknown", ""})
    void who_speaks_no_other_of_them_gets_english(String tag) {
        var languages = new Languages();
        assertThat(languages.of(tag)).isSameAs(languages.of("en"));
        assertThat(languages.of(null)).isSameAs(languages.of("en"));
    }

    @Test
    void a_native_executable_is_told_of_all_of_them() throws IOException {
        var settings = new Properties();
        try (var file = resource("/application.properties").openStream()) {
            settings.load(new InputStreamReader(file, UTF_8));
        }
        var locales = settings.getProperty("quarkus.locales", "").split(",", -1);
        assertThat(locales).containsExactlyInAnyOrderElementsOf(Languages.ALL);
        assertThat(settings.getProperty("quarkus.native.resources.includes"))
                .isEqualTo(Languages.class.getPackageName().replace('.', '/') + "/*.properties");
    }
}

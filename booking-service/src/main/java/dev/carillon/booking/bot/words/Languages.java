package dev.carillon.booking.bot.words;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.booking.bot.Words;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The bot's words in each of its languages. A native executable knows how these call days and months by {@code quarkus.locales}. */
@Singleton
public class Languages {
    private static final String ENGLISH = "en";

    /** As ISO 639 names them. */
    public static final List<String> ALL = List.of(ENGLISH, "de", "es", "fr", "it", "pt", "ru", "uk");

    private final Map<String, Words> words;
    private final Words english;

    /** @throws IllegalArgumentException when a language lacks a word, or has one with other placeholders; the message names both */
    public Languages() {
        this.words = ALL.stream().collect(Collectors.toMap(Function.identity(), Languages::words));
        this.english = Objects.requireNonNull(words.get(ENGLISH));
    }

    /**
     * In this language, wherever it is spoken; in English when the bot does not speak it.
     *
     * @param tag BCP 47; null for none
     */
    public Words of(@Nullable String tag) {
        var language = tag == null ? ENGLISH : Locale.forLanguageTag(tag).getLanguage();
        return words.getOrDefault(language, english);
    }

    private static Words words(String language) {
        try {
            return Words.of(Locale.forLanguageTag(language), texts(language));
        } catch (IllegalArgumentException fault) {
            throw new IllegalArgumentException("The bot's words in '" + language + "': " + fault.getMessage(), fault);
        }
    }

    /** As its file has them. */
    static Map<String, String> texts(String language) {
        var name = language + ".properties";
        var read = new Properties();
        try (var file = Objects.requireNonNull(Languages.class.getResourceAsStream(name), name)) {
            read.load(new InputStreamReader(file, UTF_8));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        var texts = new HashMap<String, String>();
        read.forEach((key, text) -> texts.put(key.toString(), text.toString()));
        return texts;
    }
}

package dev.carillon.booking.bot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
    /** Some words for everything. */
    private static Map<String, String> all() {
        var texts = new HashMap<String, String>();
        for (var phrase : Phrase.values()) {
            texts.put(phrase.key(), "words");
            phrase.placeholders().forEach(name -> texts.merge(phrase.key(), " {" + name + "}", String::concat));
        }
        texts.put("day-format", "EEE d MMM");
        texts.put("date-format", "EEE d MMM uuuu");
        return texts;
    }

    private static Map<String, String> with(String key, String text) {
        var texts = all();
        texts.put(key, text);
        return texts;
    }

    private static Words words(Map<String, String> texts) {
        return Words.of(Locale.ENGLISH, texts);
    }

    @Test
    void what_is_filled_in_stands_where_the_language_wants_it() {
        var words = words(with("too-short-notice", "{zone}: {until}, and not later than {until}"));
        assertThat(words.say(Phrase.TOO_SHORT_NOTICE, "9:00", "UTC")).isEqualTo("UTC: 9:00, and not later than 9:00");
        assertThat(words.say(Phrase.LIMIT, 3)).isEqualTo("words 3");
    }

    @Test
    void what_is_filled_in_is_not_filled_in_itself() {
        var words = words(with("for-whom", "for {name}."));
        assertThat(words.say(Phrase.FOR_WHOM, "{name} $1 \\ {zone}")).isEqualTo("for {name} $1 \\ {zone}.");
    }

    @Test
    void nothing_is_left_out() {
        var words = words(all());
        assertThatThrownBy(() -> words.say(Phrase.FOR_WHOM)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> words.say(Phrase.HELP, "more")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_phrase_that_is_missing_or_is_none_is_named() {
        var texts = with("helo", "Hello.");
        texts.remove("help");
        texts.put("failed", " ");
        assertThatThrownBy(() -> words(texts))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("help is missing; failed is missing; helo is said nowhere");
    }

    @ParameterizedTest
    @CsvSource({
        "help, I am {name}.",
        "for-whom, for somebody",
        "for-whom, for {nam}",
        "for-whom, for {name} and {zone}",
        "for-whom, for {name",
        "for-whom, for {name}}",
        "limit, at most {0}",
        "too-short-notice, until {until}"
    })
    void a_phrase_with_other_placeholders_is_named(String key, String text) {
        assertThatThrownBy(() -> words(with(key, text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(key + " has other placeholders");
    }
}

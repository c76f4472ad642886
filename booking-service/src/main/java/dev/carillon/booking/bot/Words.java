package dev.carillon.booking.bot;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the bot says in one language, in plain text. There are words for every phrase, with the placeholders that it has. */
public final class Words {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z]+)}");

    private final Map<Phrase, String> texts;
    private final DateTimeFormatter dayFormat;
    private final DateTimeFormatter dateFormat;

    private Words(Map<Phrase, String> texts, DateTimeFormatter dayFormat, DateTimeFormatter dateFormat) {
        this.texts = texts;
        this.dayFormat = dayFormat;
        this.dateFormat = dateFormat;
    }

    /**
     * @param locale in which days and months are called
     * @param given texts by the keys of phrases, with <code>{name}</code> where something is filled in
     * @throws IllegalArgumentException which names every phrase that is missing or has other placeholders, and every text that nobody says
     */
    public static Words of(Locale locale, Map<String, String> given) {
        var rest = new TreeMap<>(given);
        var texts = new EnumMap<Phrase, String>(Phrase.class);
        var faults = new ArrayList<String>();
        for (var phrase : Phrase.values()) {
            var text = rest.remove(phrase.key());
            if (text == null || text.isBlank()) {
                faults.add(phrase.key() + " is missing");
            } else if (!fits(phrase, text)) {
                faults.add("%s has other placeholders than %s".formatted(phrase.key(), phrase.placeholders()));
            } else {
                texts.put(phrase, text);
            }
        }
        rest.keySet().forEach(key -> faults.add(key + " is said nowhere"));
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", faults));
        }
        return new Words(texts, format(texts, Phrase.DAY_FORMAT, locale), format(texts, Phrase.DATE_FORMAT, locale));
    }

    /** Each at least once, and no brace that is none of them. */
    private static boolean fits(Phrase phrase, String text) {
        var names = PLACEHOLDER.matcher(text).results().map(found -> found.group(1));
        var rest = PLACEHOLDER.matcher(text).replaceAll("");
        boolean whole = !rest.contains("{") && !rest.contains("}");
        return whole && names.collect(Collectors.toSet()).equals(Set.copyOf(phrase.placeholders()));
    }

    private static DateTimeFormatter format(Map<Phrase, String> texts, Phrase phrase, Locale locale) {
        return DateTimeFormatter.ofPattern(Objects.requireNonNull(texts.get(phrase)), locale);
    }

    /** @param values what is filled in, in the order of the phrase's placeholders */
    String say(Phrase phrase, Object... values) {
        var names = phrase.placeholders();
        if (values.length != names.size()) {
            throw new IllegalArgumentException(phrase + " takes " + names);
        }
        var text = Objects.requireNonNull(texts.get(phrase));
        return PLACEHOLDER.matcher(text).replaceAll(found -> {
            var value = values[names.indexOf(found.group(1))];
            return Matcher.quoteReplacement(value.toString());
        });
    }

    /** As on a button. */
    String day(LocalDate day) {
        return dayFormat.format(day);
    }

    /** As in a text, with its year. */
    String date(LocalDate day) {
        return dateFormat.format(day);
    }
}

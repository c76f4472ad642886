package dev.carillon.scheduler.phrase;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The phrases of {@code phrases.txt} with their meanings, and what the grammar makes of them. */
final class PhraseList {
    private static final Pattern UNICODE = Pattern.compile("\\\\u([0-9a-f]{4})");

    /** @param meaning in the same notation as {@link #seen} */
    record Entry(String category, String phrase, ZoneId zone, Instant reference, String meaning) {
        /** Whether it says a time or times, be they two readings. */
        boolean isMeaningful() {
            return !meaning.equals("not-understood");
        }

        /** What the grammar makes of it. */
        String seen() {
            return notation(Phrases.read(phrase, zone, reference));
        }

        Verdict verdict() {
            var seen = seen();
            if (seen.equals(meaning)) {
                return Verdict.RIGHT;
            }
            return seen.equals("not-understood") ? Verdict.REFUSED : Verdict.WRONG;
        }
    }

    enum Verdict {
        RIGHT,
        /** Refused though it means something. */
        REFUSED,
        /** Given another meaning than it has. */
        WRONG
    }

    private PhraseList() {}

    static List<Entry> read() {
        var entries = new ArrayList<Entry>();
        var category = "";
        for (var line : text().lines().toList()) {
            if (line.startsWith("[")) {
                category = line.substring(1, line.length() - 1);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                entries.add(entry(category, line));
            }
        }
        return entries;
    }

    private static Entry entry(String category, String line) {
        var fields = line.split(" \\| ");
        return new Entry(
                category,
                unescaped(fields[0]),
                ZoneId.of(fields[1].strip()),
                Instant.parse(secondsGiven(fields[2])),
                normalized(fields[3]));
    }

    private static String text() {
        try (var list = Objects.requireNonNull(PhraseList.class.getResourceAsStream("phrases.txt"))) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String unescaped(String phrase) {
        return UNICODE.matcher(phrase.replace("\\t", "\t"))
                .replaceAll(found ->
                        java.util.regex.Matcher.quoteReplacement("" + (char) Integer.parseInt(found.group(1), 16)));
    }

    private static String secondsGiven(String instant) {
        return OffsetDateTime.parse(instant.strip()).toInstant().toString();
    }

    private static String normalized(String meaning) {
        if (meaning.startsWith("ambiguous: ")) {
            var readings = meaning.substring("ambiguous: ".length()).split(" ; ");
            return ambiguous(Arrays.stream(readings).map(PhraseList::reading).toList());
        }
        return meaning.equals("not-understood") || meaning.equals("in-the-past") ? meaning : reading(meaning);
    }

    private static String reading(String text) {
        int at = text.indexOf(" @ ");
        return at < 0 ? secondsGiven(text) : text.substring(0, at) + " @ " + secondsGiven(text.substring(at + 3));
    }

    private static String ambiguous(List<String> readings) {
        return "ambiguous: " + String.join(" ; ", new TreeSet<>(readings));
    }

    static String notation(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Understood(var moment) -> notation(moment);
            case Outcome.Recurring(var recurrence) -> notation(recurrence);
            case Outcome.InThePast unused -> "in-the-past";
            case Outcome.Ambiguous(var candidates) ->
                ambiguous(candidates.stream().map(PhraseList::notation).toList());
            case Outcome.NotUnderstood unused -> "not-understood";
        };
    }

    private static String notation(Reading reading) {
        return switch (reading) {
            case Reading.Moment moment -> moment.at().toString();
            case Reading.Recurrence recurrence -> recurrence.rrule() + " @ " + recurrence.firstAt();
        };
    }
}

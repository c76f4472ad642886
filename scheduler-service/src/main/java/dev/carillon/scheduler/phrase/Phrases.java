package dev.carillon.scheduler.phrase;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads phrases. */
public final class Phrases {
    /** In characters; a longer one is not read at all. */
    public static final int LONGEST = 200;

    private Phrases() {}

    /**
     * What {@code phrase} means.
     *
     * @param zone the zone of who says it; the phrase may name another one for its times
     * @param reference the instant at which it is said
     */
    public static Outcome read(String phrase, ZoneId zone, Instant reference) {
        if (phrase.length() > LONGEST) {
            return new Outcome.NotUnderstood("A phrase has at most " + LONGEST + " characters", "", 0);
        }
        var cursor = new Cursor(withoutStop(Token.of(phrase)));
        var draft = new PhraseGrammar(cursor, zone).phrase();
        if (draft == null) {
            return unread(cursor.unread(), phrase);
        }
        var contradiction = draft.contradiction();
        if (contradiction != null) {
            return new Outcome.NotUnderstood(contradiction, "", 0);
        }
        var readings = readings(draft, zone, reference);
        return switch (readings.size()) {
            case 0 -> new Outcome.NotUnderstood(nothing(draft), "", 0);
            case 1 -> only(readings.getFirst(), reference);
            default -> new Outcome.Ambiguous(readings);
        };
    }

    private static Outcome only(Reading reading, Instant reference) {
        return switch (reading) {
            case Reading.Recurrence recurrence -> new Outcome.Recurring(recurrence);
            case Reading.Moment moment ->
                moment.at().isBefore(reference.truncatedTo(ChronoUnit.MICROS))
                        ? new Outcome.InThePast(moment)
                        : new Outcome.Understood(moment);
        };
    }

    private static String nothing(Draft draft) {
        if (draft.isRecurring()) {
            return "there is no such recurrence, or no rule can say it";
        }
        boolean untimed = draft.clocks.isEmpty() && draft.part == null;
        return untimed ? "there is no such day, or it is today and no time of day is given" : "there is no such time";
    }

    private static Outcome unread(@Nullable Token token, String phrase) {
        if (token == null) {
            return new Outcome.NotUnderstood(
                    phrase.isBlank() ? "It is empty" : "It ends before it says a time", "", phrase.length());
        }
        var word = phrase.substring(
                token.position(), token.position() + token.text().length());
        return new Outcome.NotUnderstood("\"" + word + "\" could not be read", word, token.position());
    }

    private static List<Token> withoutStop(List<Token> tokens) {
        boolean stopped = tokens.size() > 1
                && (tokens.getLast().isSign('.') || tokens.getLast().isSign('!'));
        return stopped ? tokens.subList(0, tokens.size() - 1) : tokens;
    }

    private static List<Reading> readings(Draft draft, ZoneId zone, Instant reference) {
        var meanings = draft.zones.isEmpty() ? List.of(ZoneMeaning.of(zone)) : draft.zones;
        var found = new ArrayList<Reading>();
        for (var meaning : meanings) {
            for (var one : meaning.zones()) {
                in(one, draft, zone, reference).forEach(reading -> addIfNew(found, reading));
            }
        }
        found.sort(Comparator.comparing(Phrases::first));
        return List.copyOf(found);
    }

    private static Stream<? extends Reading> in(ZoneId named, Draft draft, ZoneId zone, Instant reference) {
        if (draft.isRecurring()) {
            return new Recurrences(draft, named, reference).all().stream();
        }
        var moments = new Moments(draft, named, reference);
        // "Tomorrow at 9am UTC": where it is another day there, nobody knows whose tomorrow is meant.
        var days = Stream.of(named, zone)
                .map(one -> reference.atZone(one).toLocalDate())
                .distinct();
        return days.flatMap(today -> moments.from(today).stream());
    }

    private static void addIfNew(List<Reading> found, Reading reading) {
        boolean known = found.stream().anyMatch(one -> isSame(one, reading));
        if (!known) {
            found.add(reading);
        }
    }

    private static boolean isSame(Reading one, Reading other) {
        return first(one).equals(first(other))
                && (one instanceof Reading.Recurrence a && other instanceof Reading.Recurrence b
                        ? a.rrule().equals(b.rrule())
                        : one.getClass() == other.getClass());
    }

    private static Instant first(Reading reading) {
        return switch (reading) {
            case Reading.Moment moment -> moment.at();
            case Reading.Recurrence recurrence -> recurrence.firstAt();
        };
    }
}

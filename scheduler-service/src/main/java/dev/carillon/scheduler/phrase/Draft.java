package dev.carillon.scheduler.phrase;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a phrase said, each thing at most once, and nothing resolved yet. */
final class Draft {
    boolean now;
    /** From now, and what "5m" can also be. */
    List<Amount> amounts = List.of();

    boolean ago;

    @Nullable Day day;

    final List<Clock> clocks = new ArrayList<>();

    @Nullable DayPart part;

    boolean tonight;
    List<ZoneMeaning> zones = List.of();

    List<Rule> rules = List.of();
    int timesADay = 1;

    @Nullable Day start;

    @Nullable Day until;

    int count;

    @Nullable Amount span;

    boolean isRecurring() {
        return !rules.isEmpty();
    }

    @Nullable Clock clock() {
        return clocks.isEmpty() ? null : clocks.getFirst();
    }

    /** Why all that was said does not make one thing; null if it does. */
    @Nullable String contradiction() {
        if (isRecurring()) {
            return now || day != null || !amounts.isEmpty()
                    ? "a recurrence and a single time do not go together"
                    : recurrenceFault();
        }
        if (start != null || until != null || count > 0 || span != null) {
            return "only what recurs has a start and an end";
        }
        boolean timed = !clocks.isEmpty() || part != null;
        if (now) {
            return timed || day != null || !amounts.isEmpty() ? "\"now\" and another time do not go together" : null;
        }
        if (!amounts.isEmpty()) {
            boolean days = amounts.size() == 1 && amounts.getFirst().isDays() && !ago;
            return day != null || part != null || (timed && !days)
                    ? "a time from now and another time do not go together"
                    : null;
        }
        return day == null && clocks.isEmpty() ? "no day and no time of day is given" : null;
    }

    private @Nullable String recurrenceFault() {
        var rule = rules.getFirst();
        if (!rule.isWhole()) {
            return "it is not said on which day";
        }
        if (timesADay > 1 && clocks.size() != timesADay) {
            return "it is not said at which times of day";
        }
        if (rule.isWithinDays() && (part != null || clocks.size() > 1 || clocks.isEmpty() != (start == null))) {
            return "what recurs within the day takes a time of day only with a day to start";
        }
        if (rule.dependsOnTheWeeksStart()) {
            return "it depends on whether weeks begin on Sunday or Monday";
        }
        return part == DayPart.NIGHT && clocks.isEmpty() ? "it is not said at what time of the night" : null;
    }
}

package dev.carillon.scheduler.phrase;

import dev.carillon.scheduler.phrase.Rule.Frequency;
import java.time.DayOfWeek;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads how something recurs: "every other tuesday", "weekdays", "the 1st of each month". */
final class RuleGrammar {
    private static final Map<String, Frequency> ADVERBS = Map.of(
            "daily",
            Frequency.DAILY,
            "everyday",
            Frequency.DAILY,
            "hourly",
            Frequency.HOURLY,
            "weekly",
            Frequency.WEEKLY,
            "monthly",
            Frequency.MONTHLY,
            "yearly",
            Frequency.YEARLY,
            "annually",
            Frequency.YEARLY);
    private static final Map<String, Frequency> UNITS = Map.ofEntries(
            Map.entry("minute", Frequency.MINUTELY),
            Map.entry("minutes", Frequency.MINUTELY),
            Map.entry("min", Frequency.MINUTELY),
            Map.entry("mins", Frequency.MINUTELY),
            Map.entry("hour", Frequency.HOURLY),
            Map.entry("hours", Frequency.HOURLY),
            Map.entry("hrs", Frequency.HOURLY),
            Map.entry("day", Frequency.DAILY),
            Map.entry("days", Frequency.DAILY),
            Map.entry("week", Frequency.WEEKLY),
            Map.entry("weeks", Frequency.WEEKLY),
            Map.entry("month", Frequency.MONTHLY),
            Map.entry("months", Frequency.MONTHLY),
            Map.entry("year", Frequency.YEARLY),
            Map.entry("years", Frequency.YEARLY));
    private static final SortedSet<DayOfWeek> WORKING_DAYS =
            new TreeSet<>(EnumSet.range(DayOfWeek.MONDAY, DayOfWeek.FRIDAY));
    private static final SortedSet<DayOfWeek> WEEKEND = new TreeSet<>(EnumSet.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY));
    private static final int MOST = 999;

    private final Cursor cursor;
    private final PlaceGrammar places;
    private final DateGrammar dates;
    private final WeekdaysGrammar weekdays;
    private @Nullable DayPart part;
    private int timesADay = 1;

    RuleGrammar(Cursor cursor) {
        this.cursor = cursor;
        this.places = new PlaceGrammar(cursor);
        this.dates = new DateGrammar(cursor);
        this.weekdays = new WeekdaysGrammar(cursor);
    }

    /** The part of the day that the rule named, as in "every morning". */
    @Nullable DayPart part() {
        return part;
    }

    /** How many times of day must be given for it. */
    int timesADay() {
        return timesADay;
    }

    /** What can be meant; empty if there is no rule here. */
    List<Rule> rules() {
        int mark = cursor.mark();
        var rules = cursor.anyWord("every", "each") ? every() : adverb();
        if (rules.isEmpty()) {
            cursor.back(mark);
            rules = plural();
        }
        if (rules.isEmpty()) {
            cursor.back(mark);
            rules = ofEachMonth();
        }
        if (rules.isEmpty()) {
            cursor.back(mark);
        }
        return rules;
    }

    /** The days that a weekly, monthly or yearly rule still lacks; null if they are not here. */
    @Nullable Rule completed(Rule rule) {
        int mark = cursor.mark();
        cursor.word("on");
        Rule whole = null;
        if (rule.frequency() == Frequency.WEEKLY) {
            var named = weekdays.any();
            whole = named.isEmpty() ? null : Rule.weekly(rule.interval(), named);
        } else if (rule.frequency() == Frequency.MONTHLY) {
            var places = places();
            whole = places.isEmpty() ? null : Rule.monthly(rule.interval(), places);
        } else if (rule.frequency() == Frequency.YEARLY) {
            whole = yearly(rule.interval());
        }
        if (whole == null) {
            cursor.back(mark);
        }
        return whole;
    }

    private List<Rule> every() {
        var named = partOrDays();
        if (!named.isEmpty()) {
            return named;
        }
        if (cursor.words("half", "hour") || cursor.words("half", "an", "hour")) {
            return List.of(Rule.every(30, Frequency.MINUTELY));
        }
        if (cursor.words("quarter", "of", "an", "hour") || cursor.words("quarter", "hour")) {
            return List.of(Rule.every(15, Frequency.MINUTELY));
        }
        int mark = cursor.mark();
        var rules = placesOfTheMonth();
        if (rules.isEmpty()) {
            cursor.back(mark);
            rules = oneOrNone(yearly(1));
        }
        if (rules.isEmpty()) {
            cursor.back(mark);
            rules = counted();
        }
        return rules;
    }

    private List<Rule> partOrDays() {
        part = cursor.oneOf(Words.PARTS);
        if (part != null) {
            return List.of(Rule.every(1, Frequency.DAILY));
        }
        if (cursor.anyWord("weekday", "workday") || cursor.words("working", "day") || cursor.words("business", "day")) {
            return List.of(Rule.weekly(1, WORKING_DAYS));
        }
        if (cursor.word("day")) {
            return List.of(allDaysBut());
        }
        if (cursor.words("hour", "on", "the", "hour")) {
            return List.of(Rule.fullHours());
        }
        var named = weekdays.singular();
        return named.isEmpty() ? List.of() : List.of(Rule.weekly(1, named));
    }

    private Rule allDaysBut() {
        int mark = cursor.mark();
        if (cursor.anyWord("except", "but")) {
            cursor.word("on");
            var named = cursor.word("weekends") ? WEEKEND : weekdays.any();
            if (!named.isEmpty()) {
                var others = new TreeSet<>(EnumSet.allOf(DayOfWeek.class));
                others.removeAll(named);
                return Rule.weekly(1, others);
            }
        }
        cursor.back(mark);
        return Rule.every(1, Frequency.DAILY);
    }

    /** Every other day, every 2 weeks, every third month, every second tuesday. */
    private List<Rule> counted() {
        boolean other = cursor.word("other");
        int ordinal = other ? -1 : Words.ordinal(cursor);
        int number = other ? 2 : ordinal > 0 ? ordinal : Words.number(cursor);
        if (number == 0 || number > MOST) {
            return List.of();
        }
        var unit = cursor.oneOf(UNITS);
        if (unit != null) {
            return List.of(Rule.every(Math.max(number, 1), unit));
        }
        var weekday = number > 1 ? Words.weekday(cursor) : null;
        if (weekday == null || (!other && (ordinal < 2 || ordinal > 5))) {
            return List.of();
        }
        var inWeeks = Rule.weekly(number, new TreeSet<>(List.of(weekday)));
        return other ? List.of(inWeeks) : List.of(inWeeks, Rule.monthly(1, List.of(new Place.Nth(ordinal, weekday))));
    }

    private List<Rule> adverb() {
        if (cursor.word("fortnightly")) {
            return List.of(Rule.every(2, Frequency.WEEKLY));
        }
        var adverb = cursor.oneOf(ADVERBS);
        if (adverb != null) {
            return List.of(Rule.every(1, adverb));
        }
        if (cursor.words("twice", "a", "day")) {
            timesADay = 2;
            return List.of(Rule.every(1, Frequency.DAILY));
        }
        var unit = cursor.words("once", "a") ? cursor.oneOf(UNITS) : null;
        return unit == null || unit == Frequency.MINUTELY || unit == Frequency.HOURLY
                ? List.of()
                : List.of(Rule.every(1, unit));
    }

    /** Mondays, tuesdays and thursdays, weekdays, weekends, monday to friday. */
    private List<Rule> plural() {
        cursor.word("on");
        if (cursor.word("weekdays")) {
            return List.of(Rule.weekly(1, WORKING_DAYS));
        }
        if (cursor.word("weekends")) {
            return List.of(Rule.weekly(1, WEEKEND));
        }
        var named = weekdays.plural();
        if (named.isEmpty()) {
            named = weekdays.range();
        }
        return named.isEmpty() ? List.of() : List.of(Rule.weekly(1, named));
    }

    /** The 1st and 15th of each month, the last friday of every month, the end of every month. */
    private List<Rule> ofEachMonth() {
        cursor.anyWord("on", "at");
        int mark = cursor.mark();
        cursor.word("the");
        if (cursor.words("end", "of")) {
            return eachMonth() ? List.of(Rule.monthly(1, List.of(new Place.Last()))) : List.of();
        }
        cursor.back(mark);
        var places = places();
        return !places.isEmpty() && cursor.word("of") && eachMonth() ? List.of(Rule.monthly(1, places)) : List.of();
    }

    private List<Rule> placesOfTheMonth() {
        var places = places();
        return !places.isEmpty() && cursor.word("of") && (cursor.words("the", "month") || eachMonth())
                ? List.of(Rule.monthly(1, places))
                : List.of();
    }

    private boolean eachMonth() {
        return cursor.words("each", "month") || cursor.words("every", "month");
    }

    private List<Place> places() {
        var places = new ArrayList<Place>();
        int mark = cursor.mark();
        var place = place();
        while (place != null) {
            places.add(place);
            mark = cursor.mark();
            place = weekdays.separator() ? place() : null;
        }
        cursor.back(mark);
        boolean mixed =
                places.stream().map(Place.Nth.class::isInstance).distinct().count() > 1;
        return mixed ? List.of() : List.copyOf(places);
    }

    private @Nullable Place place() {
        cursor.word("the");
        var place = places.place();
        return place == null || !place.isPossible() ? null : place;
    }

    private @Nullable Rule yearly(int interval) {
        return dates.date() instanceof Day.OfMonth(Place place, MonthRef.Named(var month))
                ? Rule.yearly(interval, month, place)
                : null;
    }

    private static List<Rule> oneOrNone(@Nullable Rule rule) {
        return rule == null ? List.of() : List.of(rule);
    }
}

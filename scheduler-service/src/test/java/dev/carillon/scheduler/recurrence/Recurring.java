package dev.carillon.scheduler.recurrence;

import dev.carillon.scheduler.recurrence.Rules.Reading;
import dev.carillon.scheduler.recurrence.expansion.RuleReading;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Occurrences of rules, as tests say them. */
public final class Recurring {
    private Recurring() {}

    public static Reading.Understood understood(Rule rule, LocalDateTime start, ZoneId zone) {
        return switch (new RuleReading().read(rule, start, zone)) {
            case Reading.Understood understood -> understood;
            case Reading.NotUnderstood(String why) -> throw new IllegalArgumentException(rule.text() + " " + why);
            case Reading.TooFrequent(String why) -> throw new IllegalArgumentException(rule.text() + " " + why);
        };
    }

    /** A cron expression, from long ago on. */
    public static Occurrences cron(String cron, ZonePolicy policy) {
        return of(new Rule.Cron(cron), policy, LocalDateTime.of(2000, 1, 1, 0, 0), null, null);
    }

    public static Occurrences of(
            Rule rule, ZonePolicy policy, LocalDateTime start, @Nullable Instant endAt, @Nullable Integer count) {
        return Occurrences.of(understood(rule, start, policy.zone()), policy, start, null, endAt, count);
    }

    /** From the second time on that {@code start} comes. */
    static Occurrences fromSecond(Rule rule, ZonePolicy policy, LocalDateTime start, @Nullable Integer count) {
        return Occurrences.of(
                understood(rule, start, policy.zone()), policy, start, policy.instant(start, true), null, count);
    }

    static List<Instant> instants(List<Occurrence> occurrences) {
        return occurrences.stream().map(Occurrence::at).toList();
    }
}

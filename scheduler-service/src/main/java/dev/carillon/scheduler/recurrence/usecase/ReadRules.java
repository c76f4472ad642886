package dev.carillon.scheduler.recurrence.usecase;

import dev.carillon.scheduler.recurrence.Definition;
import dev.carillon.scheduler.recurrence.Occurrences;
import dev.carillon.scheduler.recurrence.RecurringSchedule;
import dev.carillon.scheduler.recurrence.Rules;
import dev.carillon.scheduler.recurrence.Rules.Reading;
import jakarta.enterprise.context.ApplicationScoped;

/** Gives what was stored its occurrences. */
@ApplicationScoped
public class ReadRules {
    private final Rules rules;

    public ReadRules(Rules rules) {
        this.rules = rules;
    }

    public Occurrences occurrences(RecurringSchedule schedule) {
        var definition = schedule.definition();
        return switch (read(definition)) {
            case Reading.Understood understood -> schedule.occurrences(understood.times());
            case Reading.NotUnderstood(String why) -> throw unreadable(schedule, why);
            case Reading.TooFrequent(String why) -> throw unreadable(schedule, why);
        };
    }

    public Reading read(Definition definition) {
        return rules.read(
                definition.rule(), definition.start(), definition.zonePolicy().zone());
    }

    private static IllegalStateException unreadable(RecurringSchedule schedule, String why) {
        return new IllegalStateException(
                "The rule of schedule %s is not read any more: %s".formatted(schedule.id(), why));
    }
}

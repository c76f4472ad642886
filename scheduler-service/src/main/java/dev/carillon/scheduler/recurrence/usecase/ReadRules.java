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

    /** What a schedule's rule comes to now: one that was understood by an earlier version of this service may not be by this one. */
    public sealed interface Reread {
        record Understood(Occurrences occurrences) implements Reread {}

        record NotAnyMore(String why) implements Reread {}
    }

    public Reread reread(RecurringSchedule schedule) {
        return switch (read(schedule.definition())) {
            case Reading.Understood understood -> new Reread.Understood(schedule.occurrences(understood.times()));
            case Reading.NotUnderstood(String why) -> new Reread.NotAnyMore(why);
            case Reading.TooFrequent(String why) -> new Reread.NotAnyMore(why);
        };
    }

    public Reading read(Definition definition) {
        return rules.read(
                definition.rule(), definition.start(), definition.zonePolicy().zone());
    }
}

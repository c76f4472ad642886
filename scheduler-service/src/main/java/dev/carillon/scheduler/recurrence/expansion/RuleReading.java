package dev.carillon.scheduler.recurrence.expansion;

import dev.carillon.scheduler.recurrence.Rule;
import dev.carillon.scheduler.recurrence.Rules;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.LocalDateTime;
import java.time.ZoneId;

/** Reads rules of every kind. */
@ApplicationScoped
public class RuleReading implements Rules {
    private static final int LONGEST = 500;

    @Override
    public Reading read(Rule rule, LocalDateTime start, ZoneId zone) {
        try {
            if (rule.text().length() > LONGEST) {
                throw new NotUnderstood("takes up to " + LONGEST + " characters");
            }
            return switch (rule) {
                case Rule.Cron(String text) -> new Reading.Understood(CronReading.read(text, start), null, null);
                case Rule.RRule(String text) -> RRuleReading.read(text, start, zone);
            };
        } catch (NotUnderstood fault) {
            return fault.isTooFrequent()
                    ? new Reading.TooFrequent(fault.why())
                    : new Reading.NotUnderstood(fault.why());
        }
    }
}

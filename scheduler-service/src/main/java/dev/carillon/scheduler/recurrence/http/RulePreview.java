package dev.carillon.scheduler.recurrence.http;

import dev.carillon.kit.problem.Faults;
import dev.carillon.scheduler.recurrence.Occurrences;
import dev.carillon.scheduler.recurrence.Rules;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Shows what a cron or rrule gives, before anything is scheduled. */
@ApplicationScoped
public class RulePreview {
    private static final int COUNT = 10;
    private static final int LARGEST_COUNT = 500;

    private final Rules rules;

    RulePreview(Rules rules) {
        this.rules = rules;
    }

    /**
     * What is asked: exactly one of the first two.
     *
     * @param startAt the first local time that counts; absent for the reference
     * @param count how many are wanted; absent for ten
     */
    @RegisterForReflection
    public record Asked(
            @Nullable String cron,
            @Nullable String rrule,
            @Nullable String zone,
            @Nullable String startAt,
            @Nullable Integer count,
            @Nullable String gap,
            @Nullable String overlap) {}

    /**
     * The next ones after {@code reference}, in their order.
     *
     * @throws dev.carillon.kit.problem.ProblemException 422 with what is wrong
     */
    public List<OccurrenceView> next(Asked asked, Instant reference) {
        var faults = new Faults();
        var rule = Objects.requireNonNull(RuleRequest.rule(asked.cron, asked.rrule));
        var policy = RuleRequest.policy(asked.zone, asked.gap, asked.overlap, faults);
        int count = asked.count == null ? COUNT : asked.count;
        if (count < 1 || count > LARGEST_COUNT) {
            faults.add("/count", "takes 1 to " + LARGEST_COUNT);
        }
        if (policy == null) {
            throw faults.asProblem();
        }
        var start = RuleRequest.local("/startAt", asked.startAt, policy.zone(), reference, reference, faults);
        if (!faults.none()) {
            throw faults.asProblem();
        }
        var startAt = RuleRequest.startAt(asked.startAt, start, policy.zone(), reference);
        var first = policy.isSecond(start, startAt) ? startAt : null;
        var read = DefinitionReading.understood(rule, rules.read(rule, start, policy.zone()));
        return Occurrences.of(read, policy, start, first, null, null).next(reference, count).stream()
                .map(one -> OccurrenceView.of(one, policy))
                .toList();
    }
}

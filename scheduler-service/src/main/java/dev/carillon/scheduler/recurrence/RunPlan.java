package dev.carillon.scheduler.recurrence;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which occurrences become messages now.
 *
 * @param decidedUntil every occurrence up to here is decided by it
 * @param next the first that is not
 * @param complete whether everything up to the horizon is decided; otherwise the limit came before
 */
public record RunPlan(
        List<Run> runs, Instant decidedUntil, @Nullable Occurrence next, boolean complete) {
    /** @param dueAt the occurrence's own instant, or now when it stands for all that were missed */
    public record Run(Occurrence occurrence, Instant dueAt) {}

    /**
     * @param decidedUntil every occurrence up to here was decided before
     * @param horizon up to where it is to be decided now
     * @param grace what is late by no more is fired like any other; by more, it was missed
     */
    public record Moment(Instant decidedUntil, Instant now, Instant horizon, Duration grace) {}

    public static RunPlan of(Occurrences occurrences, Misfire misfire, Moment moment, int limit) {
        var runs = new ArrayList<Run>();
        var from = afterMissed(occurrences, misfire, moment, runs);
        for (var found = occurrences.after(from); found.hasNext(); ) {
            var one = found.next();
            if (one.at().isAfter(moment.horizon)) {
                return new RunPlan(List.copyOf(runs), later(from, moment.horizon), one, true);
            }
            if (runs.size() >= limit) {
                return new RunPlan(List.copyOf(runs), from, one, false);
            }
            runs.add(new Run(one, one.at()));
            from = one.at();
        }
        return new RunPlan(List.copyOf(runs), later(from, moment.horizon), null, true);
    }

    /** Decides what was missed, except for what is caught up with one by one; gives up to where it is decided. */
    private static Instant afterMissed(Occurrences occurrences, Misfire misfire, Moment moment, List<Run> runs) {
        var missedUntil = moment.now.minus(moment.grace);
        if (!moment.decidedUntil.isBefore(missedUntil)) {
            return moment.decidedUntil;
        }
        return switch (misfire) {
            case Misfire.FireOnce() -> {
                occurrences
                        .next(moment.decidedUntil)
                        .filter(first -> !first.at().isAfter(missedUntil))
                        .ifPresent(first -> runs.add(new Run(first, moment.now)));
                yield missedUntil;
            }
            case Misfire.Skip() -> missedUntil;
            // What is a little late was not missed, however short the window.
            case Misfire.CatchUp(Duration window) ->
                later(moment.decidedUntil, earlier(missedUntil, moment.now.minus(window)));
        };
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}

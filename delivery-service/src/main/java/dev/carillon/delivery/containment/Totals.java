package dev.carillon.delivery.containment;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What all scopes of a channel come to.
 *
 * @param breakers how many of them are in each state
 * @param exhaustedBudgets how many have no retry left
 * @param lowestBudget how many retries the one could begin that has fewest left; NaN where none is remembered
 * @param inFlight calls from their permit to their end
 * @param waiting deliveries that were told to come back, to whichever scope
 */
public record Totals(
        Map<Breaker.State, Integer> breakers, int exhaustedBudgets, double lowestBudget, int inFlight, int waiting) {
    static Totals of(Stream<Scope> scopes, Instant now) {
        var breakers = new EnumMap<Breaker.State, Integer>(Breaker.State.class);
        int exhausted = 0;
        double lowest = Double.NaN;
        int inFlight = 0;
        int waiting = 0;
        for (var scope : scopes.toList()) {
            if (scope.breaker != null) {
                breakers.merge(scope.breaker.state(), 1, Integer::sum);
            }
            var budget = scope.budget;
            if (budget != null) {
                double left = budget.left(now);
                exhausted += budget.allows(now) ? 0 : 1;
                lowest = Double.isNaN(lowest) ? left : Math.min(lowest, left);
            }
            // Of the widest alone, which count them all.
            inFlight += scope.name.isWidest() && scope.calls != null ? scope.calls.open() : 0;
            waiting += scope.waiting(now);
        }
        return new Totals(breakers, exhausted, lowest, inFlight, waiting);
    }
}

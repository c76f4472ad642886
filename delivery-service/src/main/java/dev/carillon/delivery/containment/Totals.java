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
 * @param inFlight calls from their permit to their end
 * @param waiting deliveries that were told to come back, to whichever scope
 */
public record Totals(Map<Breaker.State, Integer> breakers, int exhaustedBudgets, int inFlight, int waiting) {
    static Totals of(Stream<Scope> scopes, Instant now) {
        var breakers = new EnumMap<Breaker.State, Integer>(Breaker.State.class);
        int exhausted = 0;
        int inFlight = 0;
        int waiting = 0;
        for (var scope : scopes.toList()) {
            if (scope.breaker != null) {
                breakers.merge(scope.breaker.state(), 1, Integer::sum);
            }
            exhausted += scope.budget != null && !scope.budget.allows(now) ? 1 : 0;
            // Of the widest alone, which count them all.
            inFlight += scope.name.isWidest() && scope.calls != null ? scope.calls.open() : 0;
            waiting += scope.waiting(now);
        }
        return new Totals(breakers, exhausted, inFlight, waiting);
    }
}

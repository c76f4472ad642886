package dev.carillon.delivery.containment;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to retry, once a budget is used up: of the tenants that share it or, at a host, of a tenant's addresses there. Each of these sharers has one
 * retry promised at a time, after those that were promised to others before; its other ones come back in a line of its own, to be promised theirs. So
 * its first retry waits for about as many as there are sharers that wait, however many of one of them do; and none begins that the budget does not have.
 * Sharers are remembered as far as there is room. Not thread-safe.
 */
final class RetryTurns {
    private static final int SHARERS = 1_000;
    // Whoever has not come by then was recalled, has expired, or lacks something else.
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    // Nobody is sent away for longer: the pace of the budget may be another one by then, and others may have gone.
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration ROUNDING = Duration.ofMillis(1);

    private record Turn(UUID deliveryId, Instant at) {}

    private final RetryBudget budget;
    private final DoubleSupplier random;
    // By sharer, in the order of the promises.
    private final Map<String, Turn> promised = new LinkedHashMap<>();
    private final Map<String, Line> lines = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Line> eldest) {
            return size() > SHARERS;
        }
    };

    /** @param random from 0 to 1 */
    RetryTurns(RetryBudget budget, DoubleSupplier random) {
        this.budget = budget;
        this.random = random;
    }

    /** Whether this retry may begin now: it is its turn, or more are left than are promised to others. */
    boolean allows(Request retry, String sharer, Instant now) {
        forgetMissed(now);
        var own = turnOf(retry, sharer);
        int before = own == null ? promised.size() : now.isBefore(own.at) ? promised.size() - 1 : 0;
        return budget.left(now) - before >= 1;
    }

    /** When to come back that may not begin now. */
    Instant back(Request retry, String sharer, Instant now) {
        var line = lines.computeIfAbsent(sharer, none -> new Line(random));
        var own = turnOf(retry, sharer);
        if (own != null && now.isBefore(own.at)) {
            return line.comesBack(own.at, now);
        }
        if (own != null) {
            // The budget has become slower since, or its turn was too far ahead to be promised.
            return line.comesBack(promise(retry, sharer, promisedBefore(sharer), now), now);
        }
        if (!promised.containsKey(sharer) && promised.size() < SHARERS) {
            return line.comesBack(promise(retry, sharer, promised.size(), now), now);
        }
        return inLine(line, now);
    }

    /**
     * Gives the instant of its turn, or the longest time from now if the turn is further ahead, as at a budget with a tiny floor. What is promised then is a
     * place: whoever comes back at that instant begins if anything is left, and has else its place still, behind the sharers that were promised theirs before,
     * and is told anew by the pace of the budget then. So nobody who has gone holds up others for longer either.
     *
     * @param before how many were promised theirs before and have not taken it
     */
    private Instant promise(Request retry, String sharer, int before, Instant now) {
        var turn = times(budget.interval(now), before + 1 - budget.left(now)).plus(ROUNDING);
        var at = now.plus(shorter(turn, LONGEST));
        // Promised again, a sharer stays where it is in the order.
        promised.put(sharer, new Turn(retry.deliveryId(), at));
        return at;
    }

    private int promisedBefore(String sharer) {
        int before = 0;
        for (var other : promised.keySet()) {
            if (other.equals(sharer)) {
                break;
            }
            before++;
        }
        return before;
    }

    /** So far apart that all sharers together come back at the pace of the budget; within the longest time, at random where the line is longer than that. */
    private Instant inLine(Line line, Instant now) {
        var apart = shorter(times(budget.interval(now), Math.max(1, promised.size())), LONGEST.dividedBy(2));
        return line.isHeld(now.plus(LONGEST).minus(apart.multipliedBy(2)))
                ? line.comesBack(now.plus(some(LONGEST)), now)
                : line.join(now.plus(apart), apart, apart, now);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Half of it at least. */
    private Duration some(Duration longest) {
        return times(longest, (1 + random.getAsDouble()) / 2);
    }

    private static Duration times(Duration one, double number) {
        return Duration.ofNanos(Math.round(one.toNanos() * number));
    }

    /** What an attempt that begins means to the budget. One on request is at a rate of its own, and none of the budget's business. */
    void begins(Request request, String sharer, Instant now) {
        if (turnOf(request, sharer) != null) {
            promised.remove(sharer);
        }
        switch (request.kind()) {
            case FIRST -> budget.firstAttempt(now);
            case RETRY -> budget.retry(now);
            case ON_REQUEST -> {}
        }
    }

    /** An attempt that was to begin is not made after all. */
    void undo(Request request) {
        switch (request.kind()) {
            case FIRST -> budget.undo(false);
            case RETRY -> budget.undo(true);
            case ON_REQUEST -> {}
        }
    }

    /** How many are still to come back. */
    int waiting(Instant now) {
        return lines.values().stream().mapToInt(line -> line.waiting(now)).sum();
    }

    private @Nullable Turn turnOf(Request request, String sharer) {
        var turn = promised.get(sharer);
        return turn != null && turn.deliveryId.equals(request.deliveryId()) ? turn : null;
    }

    private void forgetMissed(Instant now) {
        var missed = now.minus(PATIENCE);
        // All of them: one that was promised anew is later than others behind it.
        promised.values().removeIf(turn -> turn.at.isBefore(missed));
    }
}

package dev.carillon.delivery.containment;

import dev.carillon.delivery.containment.Breaker.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/** What is known here about a channel, a provider or a receiver, and what that allows. Has of these parts those that its kind needs. Not thread-safe. */
final class Scope {
    private static final Duration FIRST_SPREAD = Duration.ofMillis(500);
    private static final Duration TICK = Duration.ofMillis(1);
    private static final Duration FIRST_LOOK = Duration.ofMillis(50);
    // A provider for all chats is left alone, too, when so many of them asked for it within the time of a pause.
    private static final int COMPLAINTS = 3;

    final ScopeName name;
    final @Nullable Breaker breaker;
    final @Nullable RetryBudget budget;
    /** Of the budget, where there is one. */
    final @Nullable RetryTurns turns;

    final @Nullable RateLimit rate;
    final @Nullable OpenCalls calls;
    /** Of a host that has a breaker. */
    private final @Nullable FailingAddresses failing;

    private final DoubleSupplier random;
    private final Map<Denial, Line> lines = new EnumMap<>(Denial.class);
    private @Nullable Instant firstProbesOf;
    private int probesSent;
    private int complaints;
    private Instant complainedAt = Instant.EPOCH;

    Scope(
            ScopeName name,
            @Nullable Breaker breaker,
            @Nullable RetryBudget budget,
            @Nullable RateLimit rate,
            @Nullable OpenCalls calls,
            DoubleSupplier random) {
        this.name = name;
        this.breaker = breaker;
        this.budget = budget;
        this.turns = budget == null ? null : new RetryTurns(budget, random);
        this.rate = rate;
        this.calls = calls;
        this.failing = breaker == null || name.kind() != ScopeName.Kind.HOST ? null : new FailingAddresses(breaker);
        this.random = random;
    }

    /**
     * When to come back whom the breaker refuses; null for whom it does not. While a host is probed, an address that has failed leaves that to others for a while.
     *
     * @param address the receiver's, as far as there is one
     */
    @Nullable Instant backIfBroken(String address, Instant now) {
        if (breaker == null) {
            return null;
        }
        var until = breaker.refusesUntil(now);
        if (until != null) {
            return backAfterBreaker(breaker, until, now);
        }
        boolean isProbed = breaker.state() == Breaker.State.HALF_OPEN;
        var failed = isProbed && failing != null ? failing.rememberedUntil(address, now) : null;
        return failed == null ? null : line(Denial.BREAKER_OPEN).comesBack(later(failed, spread(breaker)), now);
    }

    private static Duration spread(Breaker breaker) {
        return breaker.spread().compareTo(FIRST_SPREAD) > 0 ? breaker.spread() : FIRST_SPREAD;
    }

    /** By up to so much, at random. */
    private Instant later(Instant instant, Duration longest) {
        return instant.plusNanos(Math.round(longest.toNanos() * random.getAsDouble()));
    }

    /** When to come back whom the breaker refuses until {@code closed}: a few as probes, the rest spread over the time after. */
    private Instant backAfterBreaker(Breaker refusing, Instant closed, Instant now) {
        if (!closed.equals(firstProbesOf)) {
            firstProbesOf = closed;
            probesSent = 0;
        }
        var line = line(Denial.BREAKER_OPEN);
        if (refusing.state() == Breaker.State.OPEN
                && probesSent++ < refusing.limits().probes()) {
            return line.comesBack(closed, now);
        }
        return line.join(closed, TICK, spread(refusing), now);
    }

    Instant backAfterRate(RateLimit refusing, Instant earliest, Instant now) {
        return line(Denial.RATE_LIMITED).join(earliest, refusing.interval(), Duration.ZERO, now);
    }

    /**
     * When to come back for whom there is no room: the longer it has waited, the longer it may have to.
     *
     * @param begins when the calls begin that are to make room
     * @param denials how often it was denied before
     */
    Instant backForRoom(Denial reason, Instant begins, int denials, Instant now) {
        var spread = FIRST_SPREAD.multipliedBy(1L << Math.min(denials, 6));
        return line(reason).join(begins.plus(FIRST_LOOK), Duration.ZERO, spread, now);
    }

    Line line(Denial reason) {
        return lines.computeIfAbsent(reason, none -> new Line(random));
    }

    int waiting(Instant now) {
        int retries = turns == null ? 0 : turns.waiting(now);
        return retries
                + lines.values().stream().mapToInt(line -> line.waiting(now)).sum();
    }

    /**
     * One of its chats has asked to be left alone. Since it is from then on, several within a time mean that all of them together are too many.
     *
     * @return whether that is so now
     */
    boolean complains(Instant now, Duration within) {
        complaints = now.isBefore(complainedAt.plus(within)) ? complaints + 1 : 1;
        complainedAt = now;
        return complaints >= COMPLAINTS;
    }

    /**
     * What a call's end means to this scope. To a host it is bad that nobody was there; that somebody was, but failed, is bad once several of its addresses have.
     *
     * @param address the receiver's, as far as there is one
     */
    Verdict verdict(Health health, String address, Instant now) {
        return switch (health) {
            case ANSWERED -> Verdict.GOOD;
            case UNREACHABLE -> Verdict.BAD;
            case FAILED, TIMED_OUT -> failing == null || failing.failed(address, now) ? Verdict.BAD : Verdict.NONE;
            case UNKNOWN -> Verdict.NONE;
        };
    }

    /** How long a call took as far as that speaks against this scope: that one address of a host is slow does not speak against the host. */
    Duration slowness(Duration took) {
        return name.kind() == ScopeName.Kind.HOST ? Duration.ZERO : took;
    }

    /** Whether forgetting it would change nothing. */
    boolean isIdle(Instant now) {
        return (breaker == null || breaker.isIdle(now))
                && (failing == null || failing.areNone(now))
                && (budget == null || budget.isIdle(now))
                && (rate == null || rate.isIdle(now))
                && (calls == null || calls.open() == 0);
    }
}

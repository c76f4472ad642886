package dev.carillon.delivery.containment;

import dev.carillon.delivery.channel.ProviderAnswer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Gives permits, in the order of {@link Denial}: all that an attempt needs, or none. Every decision is made in memory, in a time that does not depend on
 * how much waits. Thread-safe.
 */
public final class Containment {
    /** What happens here, for metrics. */
    public interface Observer {
        void denied(String channel, Denial reason);

        /** One that was denied a permit has it now. */
        void admitted(String channel, Duration waited);
    }

    private static final int REMEMBERED_WAITERS = 100_000;
    // Whoever was told when to come is no later than that, mostly.
    private static final Duration LATE = Duration.ofSeconds(10);

    /** @param turnAt when it is to come for its turn at a rate, if it waits for one */
    private record Waiter(
            Instant since, int denials, @Nullable Instant turnAt) {}

    private final Limits limits;
    private final Duration headStart;
    private final InstantSource clock;
    private final Observer observer;
    private final Scopes scopes;
    // Who waits, and since when. What has gone (recalled, expired, taken over) is pushed out in time; so is, when more
    // wait than are remembered, whoever has waited longest.
    private final Map<UUID, Waiter> waiters = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Waiter> eldest) {
            boolean isFull = size() > REMEMBERED_WAITERS;
            if (isFull) {
                forget(eldest.getValue());
            }
            return isFull;
        }
    };
    // Until when somebody who is not known to have waited may come for the turn that they were told.
    private Instant forgottenUntil = Instant.MIN;
    private final Room room;

    /**
     * @param headStart how far ahead of its call a permit may be given: a call that has to wait no longer than that is let through, to be made then
     * @param random from 0 to 1
     */
    public Containment(
            Limits limits, Duration headStart, InstantSource clock, DoubleSupplier random, Observer observer) {
        this.limits = limits;
        this.headStart = headStart;
        this.clock = clock;
        this.observer = observer;
        this.scopes = new Scopes(limits, clock.instant(), random);
        this.room = new Room(limits, scopes.channels());
    }

    /** Decides about one; a denial has taken nothing. */
    public synchronized Answer ask(Request request) {
        var now = clock.instant();
        var asked = scopes.of(request.tenant(), request.channel(), request.destination(), now);
        var denied = denied(asked, request, now);
        return denied == null ? granted(asked, request, now) : denied(denied, request, now);
    }

    private Answer denied(Answer.Denied denied, Request request, Instant now) {
        var turnAt = denied.reason() == Denial.RATE_LIMITED ? denied.askAgainAt() : null;
        waiters.merge(
                request.deliveryId(),
                new Waiter(now, 1, turnAt),
                (known, again) -> new Waiter(known.since, known.denials + 1, again.turnAt));
        observer.denied(request.channel(), denied.reason());
        return denied;
    }

    private void forget(Waiter waiter) {
        var turnAt = waiter.turnAt;
        if (turnAt != null) {
            forgottenUntil = later(forgottenUntil, turnAt.plus(LATE));
        }
    }

    private Answer.@Nullable Denied denied(List<Scope> asked, Request request, Instant now) {
        for (var scope : asked) {
            var back = scope.backIfBroken(address(asked), now);
            if (back != null) {
                return new Answer.Denied(Denial.BREAKER_OPEN, back);
            }
        }
        for (var scope : asked) {
            boolean retries = request.kind() == Request.Kind.RETRY;
            var sharer = sharer(scope, asked, request);
            if (retries && scope.turns != null && !scope.turns.allows(request, sharer, now)) {
                return new Answer.Denied(Denial.RETRY_BUDGET, scope.turns.back(request, sharer, now));
            }
        }
        for (var scope : asked) {
            if (scope.rate != null && !isInTime(scope, scope.rate, request, now)) {
                var earliest = scope.rate.earliest(request.callAt());
                return new Answer.Denied(Denial.RATE_LIMITED, earlier(scope.backAfterRate(scope.rate, earliest, now)));
            }
        }
        var crowded = room.crowded(asked, request);
        if (crowded != null) {
            return noRoom(Denial.TOO_MANY_OPEN, crowded, request, now);
        }
        var full = room.full(asked, request);
        return full == null ? null : noRoom(Denial.MEMORY_FULL, full, request, now);
    }

    /** The narrowest scope's name: the receiver's address, where there is one. */
    private static String address(List<Scope> asked) {
        return asked.getLast().name.name();
    }

    /** For whom one of the turns is that share a budget: a host is one tenant's, and its addresses take turns. */
    private static String sharer(Scope scope, List<Scope> asked, Request request) {
        return scope.name.kind() == ScopeName.Kind.HOST ? address(asked) : request.tenant();
    }

    private Answer.Denied noRoom(Denial reason, Scope scope, Request request, Instant now) {
        var waiter = waiters.get(request.deliveryId());
        int denials = waiter == null ? 0 : waiter.denials;
        return new Answer.Denied(reason, scope.backForRoom(reason, later(request.callAt(), now), denials, now));
    }

    /**
     * Whether its call can be made at its instant or within a head start; and who has not waited yet stands behind those that have. As long as it cannot be
     * told who has, nobody does: sent to the end of the line when their turns come, those that were forgotten would be so again before they are back.
     */
    private boolean isInTime(Scope scope, RateLimit rate, Request request, Instant now) {
        var line = scope.line(Denial.RATE_LIMITED);
        line.giveUpAfter(LATE.plus(rate.interval().multipliedBy(2)), now);
        boolean mayHaveWaited = waiters.containsKey(request.deliveryId()) || now.isBefore(forgottenUntil);
        if (mayHaveWaited) {
            line.comes(now);
        }
        boolean overtakes = !mayHaveWaited && line.isHeld(now);
        return !overtakes && !rate.earliest(request.callAt()).isAfter(later(request.callAt(), now.plus(headStart)));
    }

    /** Early enough that a timer's lateness costs no turn: the call is made at its turn. */
    private Instant earlier(Instant turn) {
        return turn.minus(headStart.dividedBy(2));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private Answer granted(List<Scope> asked, Request request, Instant now) {
        var callAt = request.callAt();
        for (var scope : asked) {
            callAt = scope.rate == null ? callAt : later(callAt, scope.rate.earliest(callAt));
        }
        var ages = new int[asked.size()];
        for (int i = 0; i < ages.length; i++) {
            var scope = asked.get(i);
            if (scope.turns != null) {
                scope.turns.begins(request, sharer(scope, asked, request), now);
            }
            ages[i] = take(scope, callAt, now);
        }
        room.take(asked, request);
        var waiter = waiters.remove(request.deliveryId());
        if (waiter != null) {
            observer.admitted(request.channel(), Duration.between(waiter.since, now));
        }
        return new Answer.Granted(new Held(asked, ages, request), callAt);
    }

    private static int take(Scope scope, Instant callAt, Instant now) {
        if (scope.rate != null) {
            scope.rate.take(callAt);
        }
        if (scope.calls != null) {
            scope.calls.take();
        }
        return scope.breaker == null ? 0 : scope.breaker.begins(now);
    }

    /** A permit that was given. Everything of it is under the lock of the whole. */
    private final class Held implements Permit {
        private final List<Scope> scopes;
        private final int[] ages;
        private final int[] places;
        private final Request request;
        private boolean begun;
        private boolean hadToWait;
        private boolean over;

        Held(List<Scope> scopes, int[] ages, Request request) {
            this.scopes = scopes;
            this.ages = ages;
            this.places = new int[ages.length];
            this.request = request;
        }

        @Override
        public void begins() {
            synchronized (Containment.this) {
                begun = true;
                for (int i = 0; i < places.length; i++) {
                    var calls = scopes.get(i).calls;
                    places[i] = calls == null ? 0 : calls.begins();
                    hadToWait |= calls != null && calls.hasToWait(places[i]);
                }
            }
        }

        @Override
        public boolean hadToWait() {
            synchronized (Containment.this) {
                return hadToWait;
            }
        }

        @Override
        public void ended(@Nullable ProviderAnswer answer, Duration took) {
            synchronized (Containment.this) {
                if (!over) {
                    var health = answer == null ? Health.UNKNOWN : Health.of(answer);
                    // A call that was cut off says how long one takes at least; its wait cannot be told from that.
                    end(health, health == Health.TIMED_OUT ? took : itself(took));
                    var wanted = answer == null ? null : Health.wantsToBeLeftAlone(answer);
                    if (wanted != null) {
                        pause(scopes, wanted);
                    }
                }
            }
        }

        @Override
        public void unused() {
            synchronized (Containment.this) {
                if (!over) {
                    end(Health.UNKNOWN, Duration.ZERO);
                    scopes.stream()
                            .flatMap(scope -> Stream.ofNullable(scope.turns))
                            .forEach(turns -> turns.undo(request));
                }
            }
        }

        /** As the narrowest scope that counts calls has it. */
        private Duration itself(Duration took) {
            var itself = took;
            for (int i = 0; i < places.length; i++) {
                var calls = scopes.get(i).calls;
                itself = calls == null ? itself : calls.itself(places[i], took);
            }
            return itself;
        }

        private void end(Health health, Duration itself) {
            over = true;
            room.release(scopes, request);
            var now = clock.instant();
            for (int i = 0; i < places.length; i++) {
                var scope = scopes.get(i);
                if (scope.calls != null) {
                    end(scope.calls, health, itself);
                }
                if (scope.breaker != null && scope.breaker.counts(ages[i])) {
                    var verdict = scope.verdict(health, address(scopes), now);
                    scope.breaker.ended(ages[i], verdict, scope.slowness(itself), now);
                }
            }
        }

        private void end(OpenCalls calls, Health health, Duration itself) {
            calls.release();
            if (begun) {
                calls.ends();
            }
            if (health != Health.UNKNOWN) {
                calls.learn(itself);
            }
        }
    }

    private void pause(List<Scope> asked, Duration wanted) {
        var now = clock.instant();
        var longest = limits.longestPause();
        var pause = wanted.isZero() ? limits.pause() : wanted.compareTo(longest) < 0 ? wanted : longest;
        var limited = asked.stream().filter(scope -> scope.rate != null).toList();
        if (limited.isEmpty()) {
            return;
        }
        pause(limited.getLast(), now.plus(pause));
        if (limited.size() > 1 && limited.getFirst().complains(now, limits.pause())) {
            pause(limited.getFirst(), now.plus(pause));
        }
    }

    private static void pause(Scope scope, Instant until) {
        if (scope.rate != null) {
            scope.rate.pause(until);
        }
    }

    /** How the scopes stand that this tenant may see: those that it shares with others, and its own; of a channel's providers, the one that it calls. */
    public synchronized List<Standing> standings(String tenant) {
        var now = clock.instant();
        return scopes.visible(tenant)
                .map(scope -> Standing.of(scope, share(scope, tenant), waiting(scope, now), now))
                .toList();
    }

    private Standing.@Nullable ShareStanding share(Scope scope, String tenant) {
        var widest = scopes.widest(scope.name.channel(), tenant);
        return widest == null ? null : room.standing(scope, widest, tenant);
    }

    private int waiting(Scope scope, Instant now) {
        return scope.name.isWidest()
                ? scopes.all()
                        .filter(one -> scope.name.covers(one.name))
                        .mapToInt(one -> one.waiting(now))
                        .sum()
                : scope.waiting(now);
    }

    /** What a channel's scopes come to, for metrics: never more values than there are channels and states. */
    public synchronized Totals totals(String channel) {
        return Totals.of(scopes.all().filter(scope -> scope.name.channel().equals(channel)), clock.instant());
    }

    /** How much content the open calls hold. */
    public synchronized long contentBytes() {
        return room.bytes();
    }
}

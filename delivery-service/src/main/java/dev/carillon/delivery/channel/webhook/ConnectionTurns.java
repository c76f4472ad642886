package dev.carillon.delivery.channel.webhook;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Turns to use a connection: at most so many at once within each of a call's bounds, such as those of one path and, around it, of its host. Whoever
 * meets a bound that is reached waits there, in the order of asking, and takes nothing of those around it meanwhile. Thread-safe.
 */
final class ConnectionTurns {

    /**
     * A bound that calls share.
     *
     * @param of what is bounded; the same for everyone who shares it
     * @param most how many have a turn at once
     */
    record Bound(Object of, int most) {
        Bound {
            if (most < 1) {
                throw new IllegalArgumentException("at least one at once, not " + most);
            }
        }
    }

    /** What is taken of a bound, and who waits there. It is forgotten when nothing is. */
    private static final class Places {
        private final Set<Turn> waiting = new LinkedHashSet<>();
        private int taken;
    }

    private final Map<Object, Places> all = new HashMap<>();

    /**
     * One that is to be asked for, and ended.
     *
     * @param bounds the narrowest first
     */
    Turn within(List<Bound> bounds) {
        return new Turn(bounds);
    }

    /** One call's. */
    final class Turn {
        private final List<Bound> bounds;
        private Runnable whenItComes = () -> {};
        // Of how many of the bounds it has a place; it waits at the one after those.
        private int held;
        private boolean hadToWait;
        private boolean over;

        private Turn(List<Bound> bounds) {
            this.bounds = bounds;
        }

        /**
         * Asks for it; once, and not when it has ended.
         *
         * @param later runs when it comes, if not now: on the thread that ends another's
         * @return whether it has come
         */
        boolean take(Runnable later) {
            synchronized (ConnectionTurns.this) {
                whenItComes = later;
                return advance(this);
            }
        }

        /** Whether others had all places of a bound when it was asked for. */
        boolean hadToWait() {
            synchronized (ConnectionTurns.this) {
                return hadToWait;
            }
        }

        /** Gives back what it has, or stops to wait; for ever. */
        void end() {
            List<Turn> next;
            synchronized (ConnectionTurns.this) {
                if (over) {
                    return;
                }
                over = true;
                next = leave(this);
            }
            next.forEach(turn -> turn.whenItComes.run());
        }
    }

    /** How many things are bounded now; for tests. */
    synchronized int remembered() {
        return all.size();
    }

    private boolean advance(Turn turn) {
        while (turn.held < turn.bounds.size()) {
            Bound bound = turn.bounds.get(turn.held);
            Places places = all.computeIfAbsent(bound.of, none -> new Places());
            if (places.taken == bound.most) {
                places.waiting.add(turn);
                turn.hadToWait = true;
                return false;
            }
            places.taken++;
            turn.held++;
        }
        return true;
    }

    /** Returns whose turn it is now. */
    private List<Turn> leave(Turn turn) {
        if (turn.hadToWait && turn.held < turn.bounds.size()) {
            placesOf(turn.bounds.get(turn.held)).waiting.remove(turn);
        }
        List<Turn> next = new ArrayList<>();
        for (Bound bound : turn.bounds.subList(0, turn.held).reversed()) {
            passOn(bound).ifPresent(next::add);
        }
        return next;
    }

    /** Gives a place to whoever waits longest for it. Returns that one if it has all it needs now. */
    private Optional<Turn> passOn(Bound bound) {
        Places places = placesOf(bound);
        Iterator<Turn> first = places.waiting.iterator();
        if (!first.hasNext()) {
            places.taken--;
            if (places.taken == 0) {
                all.remove(bound.of);
            }
            return Optional.empty();
        }
        Turn next = first.next();
        first.remove();
        next.held++;
        return advance(next) ? Optional.of(next) : Optional.empty();
    }

    private Places placesOf(Bound bound) {
        return Objects.requireNonNull(all.get(bound.of), "taken and not given back");
    }
}

package dev.carillon.scheduler.recurrence;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.Comparator;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Gives local times their instants, in one zone. Two occurrences that come to one instant (such as 02:30, shifted, and 03:30) are one, and the one
 * that was not shifted is it.
 */
public record ZonePolicy(ZoneId zone, Gap gap, Overlap overlap) {
    // Nothing is scheduled farther ahead, so that nothing is looked for beyond.
    private static final long YEARS = 60;
    private static final Comparator<Occurrence> ORDER =
            Comparator.comparing(Occurrence::at).thenComparing(Occurrence::fold);

    /** @param second whether it is meant the second time that it comes, where it comes twice */
    public Instant instant(LocalDateTime local, boolean second) {
        var first = local.atZone(zone);
        return (second ? first.withLaterOffsetAtOverlap() : first).toInstant();
    }

    /** Whether {@code at} is the second time that {@code local} comes. */
    public boolean isSecond(LocalDateTime local, Instant at) {
        return at.isAfter(instant(local, false));
    }

    /** Those whose instant is after {@code after}, in the order of their instants. */
    Iterator<Occurrence> after(LocalTimes times, Instant after) {
        return new Mapped(times, after);
    }

    /** The earliest local time that can have an instant after {@code after}: near a transition, one on its other side. */
    private LocalDateTime earliestLocal(Instant after) {
        var rules = zone.getRules();
        var local = LocalDateTime.ofInstant(after, zone);
        var around = rules.getTransition(local);
        if (around != null) {
            return earlierSide(around);
        }
        var previous = rules.previousTransition(after.plusNanos(1));
        boolean recent = previous != null
                && after.isBefore(
                        previous.getInstant().plus(previous.getDuration().abs()));
        return recent ? earlierSide(previous) : local;
    }

    private static LocalDateTime earlierSide(ZoneOffsetTransition transition) {
        return transition.isGap() ? transition.getDateTimeBefore() : transition.getDateTimeAfter();
    }

    /** No local time from this one on has an earlier instant. */
    private Instant earliestInstant(LocalDateTime local) {
        var transition = zone.getRules().getTransition(local);
        return transition != null && transition.isGap()
                ? transition.getInstant()
                : local.atZone(zone).toInstant();
    }

    private final class Mapped implements Iterator<Occurrence> {
        private final Iterator<LocalDateTime> locals;
        private final LocalDateTime end;
        private final PriorityQueue<Occurrence> found = new PriorityQueue<>(ORDER);
        private @Nullable LocalDateTime nextLocal;
        private @Nullable Occurrence next;
        private Instant last;

        Mapped(LocalTimes times, Instant after) {
            var earliest = earliestLocal(after);
            this.locals = times.from(earliest);
            this.end = earliest.plusYears(YEARS);
            this.last = after;
            advanceLocal();
            advance();
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Occurrence next() {
            var given = next;
            if (given == null) {
                throw new NoSuchElementException();
            }
            last = given.at();
            advance();
            return given;
        }

        private void advance() {
            do {
                collect();
                next = found.poll();
            } while (next != null && !next.at().isAfter(last));
        }

        /** Takes local times until the first instant found is certainly the first that there is. */
        private void collect() {
            while (nextLocal != null
                    && (found.isEmpty()
                            || !earliestInstant(nextLocal).isAfter(found.peek().at()))) {
                map(nextLocal);
                advanceLocal();
            }
        }

        private void advanceLocal() {
            var one = locals.hasNext() ? locals.next() : null;
            nextLocal = one == null || one.isAfter(end) ? null : one;
        }

        private void map(LocalDateTime local) {
            var transition = zone.getRules().getTransition(local);
            var first = local.atZone(zone).toInstant();
            if (transition == null) {
                found.add(new Occurrence(local, Occurrence.Fold.PLAIN, first));
            } else if (transition.isGap()) {
                if (gap == Gap.SHIFT) {
                    found.add(new Occurrence(local, Occurrence.Fold.SHIFTED, first));
                }
            } else {
                found.add(new Occurrence(local, Occurrence.Fold.FIRST, first));
                if (overlap == Overlap.BOTH) {
                    found.add(new Occurrence(
                            local, Occurrence.Fold.SECOND, local.toInstant(transition.getOffsetAfter())));
                }
            }
        }
    }
}

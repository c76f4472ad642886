package dev.carillon.scheduler.recurrence;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The occurrences of a schedule.
 *
 * @param first the instant before which there are none; null when the local times say it: those of a start that comes twice come with its first time
 * @param last the instant after which there are none
 */
public record Occurrences(
        LocalTimes times,
        ZonePolicy policy,
        @Nullable Instant first,
        @Nullable Instant last) {

    /**
     * With all bounds: those of the rule, and those beside it. Whatever counts, counts occurrences as they come here, from {@code start} on.
     *
     * @param first as above
     */
    public static Occurrences of(
            Rules.Reading.Understood rule,
            ZonePolicy policy,
            LocalDateTime start,
            @Nullable Instant first,
            @Nullable Instant endAt,
            @Nullable Integer count) {
        var bounded = new Occurrences(rule.times(), policy, first, earlier(endAt, rule.until()));
        var counted = count == null ? rule.count() : count;
        return counted == null ? bounded : bounded.counted(counted, start);
    }

    private Occurrences counted(int most, LocalDateTime start) {
        // Whatever the zone, its local time is that of an instant less than two days away.
        var found = after(start.minusDays(2).toInstant(ZoneOffset.UTC));
        Instant nth = null;
        for (int i = 0; i < most && found.hasNext(); i++) {
            nth = found.next().at();
        }
        return nth == null ? this : new Occurrences(times, policy, first, nth);
    }

    /** In the order of their instants. */
    public Iterator<Occurrence> after(Instant after) {
        var from = first != null && after.isBefore(first) ? first.minusNanos(1) : after;
        return new Bounded(policy.after(times, from));
    }

    public Optional<Occurrence> next(Instant after) {
        var found = after(after);
        return found.hasNext() ? Optional.of(found.next()) : Optional.empty();
    }

    public List<Occurrence> next(Instant after, int limit) {
        var listed = new ArrayList<Occurrence>();
        for (var found = after(after); found.hasNext() && listed.size() < limit; ) {
            listed.add(found.next());
        }
        return listed;
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.isBefore(other) ? one : other;
    }

    private final class Bounded implements Iterator<Occurrence> {
        private final Iterator<Occurrence> unbounded;
        private @Nullable Occurrence next;

        Bounded(Iterator<Occurrence> unbounded) {
            this.unbounded = unbounded;
            advance();
        }

        private void advance() {
            var one = unbounded.hasNext() ? unbounded.next() : null;
            next = one == null || last != null && one.at().isAfter(last) ? null : one;
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
            advance();
            return given;
        }
    }
}

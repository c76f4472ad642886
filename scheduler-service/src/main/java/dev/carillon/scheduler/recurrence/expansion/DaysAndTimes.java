package dev.carillon.scheduler.recurrence.expansion;

import dev.carillon.scheduler.recurrence.LocalTimes;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The same times on every day of some rules, from {@code start} on. */
final class DaysAndTimes implements LocalTimes {
    private final List<Expansion> days;
    private final List<LocalTime> times;
    private final LocalDateTime start;

    /** @param days rules whose times do not matter; a day that several of them give is given once */
    DaysAndTimes(List<Expansion> days, SortedSet<LocalTime> times, LocalDateTime start) {
        this.days = List.copyOf(days);
        this.times = List.copyOf(times);
        this.start = start;
    }

    static SortedSet<LocalTime> times(SortedSet<Integer> hours, SortedSet<Integer> minutes, int second) {
        var times = new TreeSet<LocalTime>();
        hours.forEach(hour -> minutes.forEach(minute -> times.add(LocalTime.of(hour, minute, second))));
        return times;
    }

    @Override
    public Iterator<LocalDateTime> from(LocalDateTime earliest) {
        return new Merged(earliest.isAfter(start) ? earliest : start);
    }

    private final class Merged implements Iterator<LocalDateTime> {
        private final LocalDateTime earliest;
        private final List<Iterator<LocalDateTime>> sources = new ArrayList<>();
        private final List<@Nullable LocalDate> heads = new ArrayList<>();
        private @Nullable LocalDate day;
        private int nextTime;
        private @Nullable LocalDateTime next;

        Merged(LocalDateTime earliest) {
            this.earliest = earliest;
            for (var rule : days) {
                var source = rule.from(earliest.toLocalDate().atStartOfDay());
                sources.add(source);
                heads.add(head(source));
            }
            advanceDay();
            advance();
        }

        private static @Nullable LocalDate head(Iterator<LocalDateTime> source) {
            return source.hasNext() ? source.next().toLocalDate() : null;
        }

        private void advanceDay() {
            LocalDate first = null;
            for (var head : heads) {
                first = first == null || head != null && head.isBefore(first) ? head : first;
            }
            for (int i = 0; i < heads.size(); i++) {
                if (first != null && first.equals(heads.get(i))) {
                    heads.set(i, head(sources.get(i)));
                }
            }
            day = first;
            nextTime = 0;
        }

        private void advance() {
            next = null;
            while (day != null && !times.isEmpty() && next == null) {
                if (nextTime == times.size()) {
                    advanceDay();
                } else {
                    var one = day.atTime(times.get(nextTime++));
                    next = one.isBefore(earliest) ? null : one;
                }
            }
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public LocalDateTime next() {
            var given = next;
            if (given == null) {
                throw new NoSuchElementException();
            }
            advance();
            return given;
        }
    }
}

package dev.carillon.scheduler.recurrence.expansion;

import dev.carillon.scheduler.recurrence.LocalTimes;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.TimeZone;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRule.RfcMode;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;
import org.jspecify.annotations.Nullable;

/** lib-recur's expansion of a rule that has neither COUNT nor UNTIL. It reckons in UTC, which stands for local time without any zone. */
final class Expansion implements LocalTimes {
    private static final TimeZone UTC = TimeZone.getTimeZone("UTC");
    private static final int LAST_YEAR = 9999;

    private final RecurrenceRule rule;
    private final LocalDateTime start;

    Expansion(String rule, LocalDateTime start) throws NotUnderstood {
        this.rule = parsed(rule);
        this.start = start;
    }

    private static RecurrenceRule parsed(String rule) throws NotUnderstood {
        try {
            return new RecurrenceRule(rule, RfcMode.RFC5545_STRICT);
        } catch (InvalidRecurrenceRuleException | IllegalArgumentException fault) {
            throw new NotUnderstood("is no rule of RFC 5545: " + fault.getMessage());
        }
    }

    @Override
    public Iterator<LocalDateTime> from(LocalDateTime earliest) {
        try {
            return new Times(rule.iterator(millis(start), UTC), earliest);
        } catch (IllegalArgumentException | IllegalStateException nothingFoundForLong) {
            return Collections.emptyIterator();
        }
    }

    private static long millis(LocalDateTime local) {
        return local.toInstant(ZoneOffset.UTC).toEpochMilli();
    }

    private final class Times implements Iterator<LocalDateTime> {
        private final RecurrenceRuleIterator found;
        private @Nullable LocalDateTime next;

        Times(RecurrenceRuleIterator found, LocalDateTime earliest) {
            this.found = found;
            if (earliest.isAfter(start)) {
                next = forwarded(earliest);
            } else {
                next = following(null);
            }
        }

        private @Nullable LocalDateTime forwarded(LocalDateTime earliest) {
            try {
                found.fastForward(millis(earliest));
            } catch (IllegalArgumentException | IllegalStateException nothingFoundForLong) {
                return null;
            }
            var one = following(null);
            while (one != null && one.isBefore(earliest)) {
                one = following(one);
            }
            return one;
        }

        /** The library throws where it has looked for long, and begins anew in the year 0 after the last one that it knows. */
        private @Nullable LocalDateTime following(@Nullable LocalDateTime before) {
            try {
                if (!found.hasNext()) {
                    return null;
                }
                var one = LocalDateTime.ofInstant(Instant.ofEpochMilli(found.nextMillis()), ZoneOffset.UTC);
                boolean wrong = before != null && !one.isAfter(before) || one.getYear() > LAST_YEAR;
                return wrong || one.isBefore(start) ? null : one;
            } catch (IllegalArgumentException | IllegalStateException nothingFoundForLong) {
                return null;
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
            next = following(given);
            return given;
        }
    }
}

package dev.carillon.scheduler.recurrence.expansion;

import dev.carillon.scheduler.recurrence.LocalTimes;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.Iterator;
import java.util.stream.Stream;

/** Every so often from {@code start} on, such as every 90 minutes, by a clock that nobody changes. */
record EvenSteps(LocalDateTime start, Duration step) implements LocalTimes {
    @Override
    public Iterator<LocalDateTime> from(LocalDateTime earliest) {
        long behind = Duration.between(start, earliest).toSeconds();
        // Rounded up: what is a fraction after a step is before the next one.
        long steps = Math.max(0, Math.ceilDiv(behind, step.toSeconds()));
        var first = start.plus(step.multipliedBy(steps));
        return Stream.iterate(first.isBefore(earliest) ? first.plus(step) : first, one -> one.plus(step))
                .iterator();
    }
}

package dev.carillon.scheduler.recurrence;

import java.time.LocalDateTime;
import java.util.Iterator;

/** The local times that a rule gives, whatever clocks do on those days. */
@FunctionalInterface
public interface LocalTimes {
    /**
     * Those not before {@code earliest}, ascending, each once. Ends where the rule does, or where nothing has been found for so long that nothing
     * will be.
     */
    Iterator<LocalDateTime> from(LocalDateTime earliest);
}

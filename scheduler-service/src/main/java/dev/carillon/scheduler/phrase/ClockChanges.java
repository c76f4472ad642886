package dev.carillon.scheduler.phrase;

import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;

/** Says when a local time falls where the clocks of its zone are changed. */
final class ClockChanges {
    private ClockChanges() {}

    /** Adds to {@code notes} what is taken for a time that clocks never show (shifted forward by the gap) or show twice (the first). */
    static void note(LocalDateTime local, ZoneId zone, List<String> notes) {
        var rules = zone.getRules();
        int offsets = rules.isFixedOffset() ? 1 : rules.getValidOffsets(local).size();
        if (offsets == 0) {
            notes.add("The clocks of " + zone + " skip " + local + ": "
                    + local.atZone(zone).toLocalTime() + " is taken");
        } else if (offsets == 2) {
            notes.add("The clocks of " + zone + " show " + local + " twice: the first is taken");
        }
    }
}

package dev.carillon.scheduler.phrase;

import java.time.LocalTime;
import java.util.List;
import java.util.Locale;

/** Says what was taken for a time of day that was not given, or not entirely. */
final class Assumptions {
    private Assumptions() {}

    static void note(Draft draft, LocalTime taken, List<String> notes) {
        var clock = draft.clock();
        var part = draft.part;
        if (clock == null) {
            notes.add(
                    part == null
                            ? "No time of day is given: " + taken + " is taken"
                            : "\"" + part.name().toLowerCase(Locale.ROOT) + "\" is taken as " + taken);
        } else if (part == null && clock.isPlain()) {
            notes.add("Without am or pm, " + taken + " is taken");
        }
    }
}

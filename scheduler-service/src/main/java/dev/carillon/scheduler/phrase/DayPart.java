package dev.carillon.scheduler.phrase;

import java.time.LocalTime;

/** A part of the day: when it is if nothing closer is said, and which hours it can name. */
enum DayPart {
    MORNING(9, 1, 11),
    AFTERNOON(15, 12, 18),
    EVENING(18, 16, 23),
    NIGHT(20, 18, 23);

    private final LocalTime usual;
    private final int earliest;
    private final int latest;

    DayPart(int usual, int earliest, int latest) {
        this.usual = LocalTime.of(usual, 0);
        this.earliest = earliest;
        this.latest = latest;
    }

    LocalTime usual() {
        return usual;
    }

    boolean has(LocalTime time) {
        return time.getHour() >= earliest && time.getHour() <= latest;
    }
}

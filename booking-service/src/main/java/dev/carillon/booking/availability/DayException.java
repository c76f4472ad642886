package dev.carillon.booking.availability;

import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;

/** A day that has other hours than its week. Several of one date add up. */
public sealed interface DayException {
    LocalDate date();

    record Closed(LocalDate date) implements DayException {}

    /** @param closesAfter from the day's midnight, by the wall clock */
    record Open(LocalDate date, LocalTime opensAt, Duration closesAfter) implements DayException {}
}

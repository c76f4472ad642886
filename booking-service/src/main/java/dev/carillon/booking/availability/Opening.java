package dev.carillon.booking.availability;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;

/**
 * Hours on every week's {@code day}.
 *
 * @param closesAfter from the day's midnight, by the wall clock; up to 24 hours, which is the midnight after
 */
public record Opening(DayOfWeek day, LocalTime opensAt, Duration closesAfter) {}

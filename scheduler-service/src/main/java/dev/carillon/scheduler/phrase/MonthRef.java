package dev.carillon.scheduler.phrase;

import java.time.Month;

/** Which month a day is of. */
sealed interface MonthRef {
    /** This one and those after it: the first in which the day is not over. */
    record Any() implements MonthRef {}

    /** So many after the current one. */
    record Relative(int months) implements MonthRef {}

    /** This month of the first year in which the day is not over. */
    record Named(Month month) implements MonthRef {}

    record OfYear(Month month, int year) implements MonthRef {}
}

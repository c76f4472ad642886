package dev.carillon.scheduler.phrase;

import java.util.List;

/** What came of reading a phrase. */
public sealed interface Outcome {
    record Understood(Reading.Moment moment) implements Outcome {}

    /** Understood, but the instant is before the reference. */
    record InThePast(Reading.Moment moment) implements Outcome {}

    record Recurring(Reading.Recurrence recurrence) implements Outcome {}

    /** @param candidates at least two, with different instants, the earliest first */
    record Ambiguous(List<Reading> candidates) implements Outcome {}

    /**
     * @param word the first word that could not be read; empty when it is the whole that has no meaning
     * @param position where it begins in the phrase, from 0
     */
    record NotUnderstood(String reason, String word, int position) implements Outcome {}
}

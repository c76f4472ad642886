package dev.carillon.scheduler.phrase.http;

import dev.carillon.kit.problem.Faults;
import dev.carillon.kit.problem.Problem;
import dev.carillon.kit.problem.Problem.FieldError;
import dev.carillon.kit.problem.ProblemException;
import dev.carillon.scheduler.phrase.Outcome;
import dev.carillon.scheduler.phrase.Phrases;
import dev.carillon.scheduler.phrase.Reading;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** Reads the phrases of requests, and refuses those that do not mean one thing. */
public final class PhraseReading {
    private PhraseReading() {}

    /**
     * The one instant that {@code phrase} means.
     *
     * @param pointer where the phrase stands in the body
     * @throws ProblemException 422 {@code phrase-not-understood}, {@code phrase-ambiguous} with the candidates, {@code phrase-recurring} or
     *     {@code due-in-the-past}
     */
    public static Reading.Moment moment(String pointer, String phrase, ZoneId zone, Instant now) {
        return switch (any(pointer, phrase, zone, now)) {
            case Reading.Moment moment -> moment;
            case Reading.Recurrence recurrence -> throw recurring(pointer, recurrence);
        };
    }

    /**
     * The one thing that {@code phrase} means, be it an instant or a recurrence.
     *
     * @throws ProblemException as above, but for recurrences
     */
    public static Reading any(String pointer, String phrase, ZoneId zone, Instant now) {
        return switch (Phrases.read(phrase, zone, now)) {
            case Outcome.Understood(var moment) -> moment;
            case Outcome.Recurring(var recurrence) -> recurrence;
            case Outcome.InThePast(var moment) ->
                throw Faults.named(
                        "due-in-the-past",
                        "The instant is in the past",
                        pointer,
                        "%s is before now (%s)".formatted(moment.words(), now));
            case Outcome.Ambiguous(var candidates) -> throw ambiguous(pointer, candidates);
            case Outcome.NotUnderstood refusal -> throw notUnderstood(pointer, refusal);
        };
    }

    private static ProblemException notUnderstood(String pointer, Outcome.NotUnderstood refusal) {
        var problem = problem("phrase-not-understood", "The phrase is not understood", pointer, refusal.reason());
        return new ProblemException(
                refusal.word().isEmpty()
                        ? problem
                        : problem.with("word", refusal.word()).with("position", refusal.position()));
    }

    private static ProblemException ambiguous(String pointer, List<Reading> candidates) {
        var detail = "It can mean "
                + String.join(", or ", candidates.stream().map(Reading::words).toList());
        return new ProblemException(problem("phrase-ambiguous", "The phrase has several meanings", pointer, detail)
                .with("candidates", candidates.stream().map(ReadingView::of).toList()));
    }

    private static ProblemException recurring(String pointer, Reading.Recurrence recurrence) {
        var detail = "It means " + recurrence.words() + ", and one instant is wanted here";
        return new ProblemException(problem("phrase-recurring", "The phrase means many instants", pointer, detail)
                .with("candidates", List.of(ReadingView.of(recurrence))));
    }

    private static Problem problem(String slug, String title, String pointer, String detail) {
        return Problem.of(422, slug, title, detail).withErrors(List.of(new FieldError(pointer, detail)));
    }
}

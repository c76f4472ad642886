package dev.carillon.scheduler.preview;

import dev.carillon.scheduler.phrase.Reading;
import dev.carillon.scheduler.phrase.http.ReadingView;
import dev.carillon.scheduler.recurrence.http.OccurrenceView;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * What it means.
 *
 * @param notes what was decided beyond what was said: a time of day that was not given, a local time that clocks skip or show twice
 */
@RegisterForReflection
public record TimePreviewView(List<ReadingView> interpretations, List<String> notes) {
    static TimePreviewView of(Reading reading) {
        return new TimePreviewView(List.of(ReadingView.of(reading)), reading.notes());
    }

    static TimePreviewView of(List<OccurrenceView> occurrences) {
        return new TimePreviewView(
                occurrences.stream()
                        .map(one -> new ReadingView(one.at(), one.local(), one.zone(), one.reading(), null))
                        .toList(),
                occurrences.isEmpty() ? List.of("The rule has no occurrence after the reference") : List.of());
    }
}

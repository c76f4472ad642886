package dev.carillon.benchmarks.pending;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What is done with a message, each by statements of its own. */
enum Step {
    CREATE("create"),
    CLAIM("claim"),
    STAGE("stage");

    final String title;

    Step(String title) {
        this.title = title;
    }

    /** A statement that belongs to one of the steps. */
    record Part(Step step, String title, List<String> beginnings) {
        boolean is(String sql) {
            return beginnings.stream().allMatch(sql.strip()::contains);
        }
    }

    /** While messages are created, and later, while they are claimed and staged. */
    private static final List<Part> CREATING = List.of(
            new Part(CREATE, "create: message", List.of("INSERT INTO message")),
            new Part(CREATE, "create: timer", List.of("INSERT INTO timer_far")));

    private static final List<Part> STAGING = List.of(
            new Part(CLAIM, "claim", List.of("UPDATE timer t SET claimed_by = $1 FROM due")),
            new Part(STAGE, "stage: lock message", List.of("SELECT * FROM message", "FOR UPDATE")),
            new Part(STAGE, "stage: take timer", List.of("DELETE FROM timer t USING unnest")),
            new Part(STAGE, "stage: save message", List.of("UPDATE message m SET status")),
            new Part(STAGE, "stage: next timer", List.of("INSERT INTO timer (")),
            new Part(STAGE, "stage: outbox", List.of("INSERT INTO outbox_event")));

    static Optional<Part> whileCreating(String sql) {
        return CREATING.stream().filter(part -> part.is(sql)).findFirst();
    }

    static Optional<Part> whileStaging(String sql) {
        return STAGING.stream().filter(part -> part.is(sql)).findFirst();
    }

    static List<String> parts() {
        return Arrays.asList(CREATING, STAGING).stream()
                .flatMap(List::stream)
                .map(Part::title)
                .toList();
    }
}

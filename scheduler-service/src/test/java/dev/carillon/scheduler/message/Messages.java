package dev.carillon.scheduler.message;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Messages for tests, in any state. */
final class Messages {
    static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
    static final Instant DUE = Instant.parse("2026-01-02T00:00:00Z");

    private Messages() {}

    static Message scheduled() {
        return Message.scheduled(
                new UUID(1, 1),
                "acme",
                new Recipient.Email("ana@example.org"),
                Content.Text.plain("subject", "text", List.of()),
                new Timing(DUE, LocalDateTime.of(2026, 1, 2, 0, 0), ZoneId.of("UTC"), "2026a"),
                null,
                null,
                null,
                Map.of(),
                new Source("api", "tester"),
                CREATED);
    }

    /** In the given status, as generation 1 when it was ever handed over. */
    static Message in(Status status) {
        return status == Status.SCHEDULED
                ? scheduled()
                : scheduled().staged(DUE.minusSeconds(30)).changedByClient(status, Progress.NONE);
    }
}

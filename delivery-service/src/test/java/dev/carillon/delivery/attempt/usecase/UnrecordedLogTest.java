package dev.carillon.delivery.attempt.usecase;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.attempt.AttemptResult;
import dev.carillon.delivery.attempt.AttemptResult.Outcome;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.testing.log.LogLines;
import dev.carillon.kit.tx.Overloaded;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class UnrecordedLogTest {
    private static final String CATEGORY = RecordResults.class.getName();
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private final UnrecordedLog unrecorded = new UnrecordedLog();

    @Test
    void an_outage_is_told_of_once_when_it_begins_and_once_when_all_that_waited_are_recorded() {
        var one = ended();
        var other = ended();
        try (var log = LogLines.at(Level.INFO, CATEGORY)) {
            for (int i = 0; i < 100; i++) {
                unrecorded.failed(one, new IOException("Connection refused"));
                unrecorded.failed(other, new Overloaded("More than 1 requests wait to be committed"));
            }
            assertThat(log.said()).singleElement().asString().contains("are not recorded", "Connection refused");

            unrecorded.ended(one);
            assertThat(log.said()).hasSize(1);
            unrecorded.ended(other);
            assertThat(log.said())
                    .hasSize(2)
                    .last()
                    .asString()
                    .contains("recorded again", "2 had to wait, and 200 tries failed");

            unrecorded.failed(ended(), new IOException("Connection refused"));
            assertThat(log.said()).hasSize(3);
        }
    }

    @Test
    void a_result_that_the_database_refuses_is_told_of_once_with_its_delivery_and_its_trace() {
        var refused = ended();
        try (var log = LogLines.at(Level.INFO, CATEGORY)) {
            for (int i = 0; i < 100; i++) {
                unrecorded.failed(refused, new IllegalStateException("violates a constraint"));
            }
            unrecorded.ended(refused);

            assertThat(log.lines()).singleElement().satisfies(line -> assertThat(line.fields())
                    .containsEntry("deliveryId", refused.deliveryId().toString())
                    .containsEntry("attempt", "1")
                    .containsEntry("traceId", TRACE));
        }
    }

    @Test
    void results_that_are_recorded_at_once_leave_no_line() {
        try (var log = LogLines.at(Level.FINE, CATEGORY)) {
            unrecorded.ended(ended());
            assertThat(log.lines()).isEmpty();
        }
    }

    private static EndedCall ended() {
        var call = new AttemptResult.Call(UUID.randomUUID(), 1, Instant.EPOCH, Duration.ZERO, null, null);
        return new EndedCall(
                new AttemptResult(call, Outcome.DELIVERED, null, 200, null, null, null, false),
                TraceContext.of(TRACE, "b7ad6b7169203331"),
                null);
    }
}

package dev.carillon.kit.event;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.telemetry.LogCategory;
import dev.carillon.kit.testing.log.LogLines;
import java.util.Map;
import java.util.UUID;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventFieldsTest {
    private static final String NAME = "test.event.fields";
    private static final UUID ID = new UUID(0, 7);
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    @Test
    void an_event_is_found_by_its_trace_and_by_what_it_is_about() {
        assertThat(fieldsOf("carillon.message.staged.v1", "m-1", TRACE))
                .isEqualTo(Map.of(
                        "eventId", ID.toString(),
                        "eventType", "carillon.message.staged.v1",
                        "subject", "m-1",
                        "messageId", "m-1",
                        "tenant", "acme",
                        "traceId", TRACE));
        assertThat(fieldsOf("carillon.booking.booked.v1", "b-1", TRACE)).containsEntry("bookingId", "b-1");
    }

    @Test
    void one_of_another_producer_has_the_same_fields_cut_to_a_length_and_no_other_name_for_its_subject() {
        var fields = fieldsOf("org.example." + "x".repeat(300), "s".repeat(300), null);

        assertThat(fields).containsOnlyKeys("eventId", "eventType", "subject", "tenant");
        assertThat(fields.values()).allMatch(value -> value.length() <= 200);
    }

    private static Map<String, String> fieldsOf(String type, String subject, @Nullable String traceId) {
        try (var log = LogLines.at(Level.INFO, NAME)) {
            var line = LogCategory.named(NAME).info();
            EventFields.add(line, ID, type, subject, "acme", traceId).say("It happened");
            return log.lines().getFirst().fields();
        }
    }
}

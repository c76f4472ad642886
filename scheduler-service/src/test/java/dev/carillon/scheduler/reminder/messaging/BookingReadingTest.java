package dev.carillon.scheduler.reminder.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.carillon.kit.event.Event;
import dev.carillon.kit.event.EventHeaders.UnreadableEvent;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.scheduler.reminder.ReminderTime;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BookingReadingTest {
    private static final ObjectMapper JSON = new ObjectMapper().registerModule(new JavaTimeModule());
    private static final String BOOKING = """
            {"bookingId":"0199aaaa-0000-7000-8000-000000000001","status":"proposed","places":2,"sequence":0,
             "resource":{"name":"Dr. Rao","zone":"Asia/Kolkata"},
             "slot":{"startAt":"2036-11-28T04:30:00Z"},
             "customer":{"name":"Ana"},
             "reminders":["PT1H"],
             "templates":{"confirmation":{"text":"{places}"}},
             "holdExpiresAt":"2036-11-27T04:30:00Z"}""";

    private final BookingReading reading = new BookingReading(JSON);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bookingId",
                "status",
                "resource",
                "resource.name",
                "resource.zone",
                "slot",
                "slot.startAt",
                "customer",
                "customer.name",
                "holdExpiresAt"
            })
    void what_a_booking_cannot_do_without_is_named_when_it_is_missing(String name) throws IOException {
        var payload = (ObjectNode) JSON.readTree(BOOKING);
        var path = name.split("\\.");
        var parent = path.length == 1 ? payload : (ObjectNode) payload.get(path[0]);
        parent.remove(path[path.length - 1]);

        assertThatThrownBy(() -> reading.read(event(payload.toString())))
                .isInstanceOf(UnreadableEvent.class)
                .hasMessageEndingWith("has no " + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "", "{\"status\":1}"})
    void what_is_no_booking_is_unreadable(String payload) {
        assertThatThrownBy(() -> reading.read(event(payload))).isInstanceOf(UnreadableEvent.class);
    }

    @Test
    void a_reminder_or_a_template_that_is_null_is_left_out_and_the_rest_stays() {
        var booking = reading.read(
                event(BOOKING.replace("[\"PT1H\"]", "[null,\"PT1H\"]").replace("{\"text\":\"{places}\"}", "null")));
        assertThat(booking.reminders()).containsExactly(ReminderTime.parse("PT1H"));
        assertThat(booking.words().templates()).isEmpty();
    }

    private static Event event(String payload) {
        return new Event(
                "carillon.booking.events.v1",
                new UUID(0, 1),
                "carillon.booking.proposed.v1",
                "/carillon/booking",
                "0199aaaa-0000-7000-8000-000000000001",
                "acme",
                1,
                Instant.EPOCH,
                "0199aaaa-0000-7000-8000-000000000001",
                TraceContext.NONE,
                payload.getBytes(UTF_8));
    }
}

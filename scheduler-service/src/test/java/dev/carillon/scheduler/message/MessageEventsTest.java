package dev.carillon.scheduler.message;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.event.OutgoingEvent.Urgency;
import dev.carillon.kit.json.StrictJson;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.testing.contract.EventContract;
import dev.carillon.scheduler.message.messaging.MessageEvents;
import dev.carillon.scheduler.message.store.MessageJson;
import dev.carillon.scheduler.message.store.TracedMessage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MessageEventsTest {
    private final JsonMapper json = json();
    private final MessageEvents events = new MessageEvents(new EventIds(), json, new MessageJson(json));

    @Test
    void every_type_that_is_told_is_documented_and_keeps_its_contract_and_every_documented_one_is_told() {
        List<OutgoingEvent> told = Stream.concat(
                        Arrays.stream(Status.values())
                                .filter(MessageEvents::isTold)
                                .map(status -> events.told(traced(status), Messages.DUE)),
                        Stream.of(
                                events.staged(traced(Status.STAGED), Messages.DUE),
                                events.recalled(traced(Status.RECALLING), Messages.DUE)))
                .toList();

        told.forEach(event -> EventContract.of(event.type()).check(new String(event.payload(), UTF_8)));
        assertThat(told)
                .extracting(OutgoingEvent::type)
                .containsExactlyInAnyOrderElementsOf(EventContract.typesOf("carillon.message."));
    }

    @Test
    void a_message_to_an_endpoint_names_it_in_its_row_and_in_its_staging() throws Exception {
        var endpoint = new Recipient.Endpoint(new UUID(7, 7));
        var row = new MessageJson(json);
        var message = Message.scheduled(
                new UUID(1, 1),
                "acme",
                row.readRecipient(row.recipient(endpoint).toString()),
                new Content.Json("{}"),
                Messages.in(Status.SCHEDULED).timing(),
                null,
                null,
                endpoint,
                Map.of(),
                new Source("api", "ann"),
                Messages.DUE);

        var staged = events.staged(new TracedMessage(message.staged(Messages.DUE), TraceContext.NONE), Messages.DUE);

        var payload = EventContract.of(staged.type()).check(json.readTree(staged.payload()));
        assertThat(payload.path("to").toString())
                .isEqualTo("{\"channel\":\"webhook\",\"endpointId\":\"00000000-0000-0007-0000-000000000007\"}");
        assertThat(payload.path("onFailure")).isEqualTo(payload.path("to"));
    }

    @Test
    void what_is_due_within_a_second_and_a_recall_are_prompt_and_what_is_staged_ahead_can_wait() {
        var staged = traced(Status.STAGED);
        var dueAt = staged.message().timing().dueAt();
        assertThat(events.staged(staged, dueAt.minusMillis(2_999)).urgency()).isEqualTo(Urgency.PROMPT);
        assertThat(events.staged(staged, dueAt.plusSeconds(1)).urgency()).isEqualTo(Urgency.PROMPT);
        assertThat(events.staged(staged, dueAt.minusMillis(3_000)).urgency()).isEqualTo(Urgency.CAN_WAIT);
        assertThat(events.recalled(traced(Status.RECALLING), dueAt.minusSeconds(30))
                        .urgency())
                .isEqualTo(Urgency.PROMPT);
        assertThat(events.told(traced(Status.DELIVERED), dueAt).urgency()).isEqualTo(Urgency.CAN_WAIT);
    }

    private static TracedMessage traced(Status status) {
        return new TracedMessage(Messages.in(status), TraceContext.NONE);
    }

    private static JsonMapper json() {
        var json = JsonMapper.builder().findAndAddModules().build();
        new StrictJson().customize(json);
        return json;
    }
}

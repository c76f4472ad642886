package dev.carillon.delivery.attempt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.delivery.attempt.messaging.DeliveryEvents;
import dev.carillon.delivery.attempt.store.StoredDelivery;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.event.OutgoingEvent.Urgency;
import dev.carillon.kit.json.StrictJson;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.testing.contract.EventContract;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DeliveryEventsTest {
    private final DeliveryEvents events = new DeliveryEvents(new EventIds(), json());

    @Test
    void every_type_that_is_told_is_documented_and_keeps_its_contract_and_every_documented_one_is_told() {
        List<OutgoingEvent> told = Stream.concat(
                        Arrays.stream(DeliveryStatus.values())
                                .map(DeliveryEventsTest::stored)
                                .map(delivery -> events.told(delivery, Deliveries.DUE)),
                        Stream.of(
                                events.recallRefused(stored(DeliveryStatus.IN_FLIGHT), Deliveries.DUE),
                                events.redriven(stored(DeliveryStatus.WAITING), TraceContext.NONE, Deliveries.DUE)))
                .toList();

        told.forEach(event -> EventContract.of(event.type()).check(new String(event.payload(), UTF_8)));
        assertThat(told.stream().map(OutgoingEvent::type).distinct())
                .containsExactlyInAnyOrderElementsOf(EventContract.typesOf("carillon.delivery."));
    }

    @Test
    void who_cancels_is_answered_promptly_and_what_has_happened_can_wait() {
        Stream<OutgoingEvent> told =
                Arrays.stream(DeliveryStatus.values()).map(status -> events.told(stored(status), Deliveries.DUE));
        assertThat(told.filter(event -> event.urgency() == Urgency.PROMPT))
                .extracting(OutgoingEvent::type)
                .containsExactly("carillon.delivery.recalled.v1");
        assertThat(events.recallRefused(stored(DeliveryStatus.IN_FLIGHT), Deliveries.DUE)
                        .urgency())
                .isEqualTo(Urgency.PROMPT);
    }

    private static StoredDelivery stored(DeliveryStatus status) {
        return new StoredDelivery(Deliveries.in(status), TraceContext.NONE);
    }

    private static JsonMapper json() {
        var json = JsonMapper.builder().findAndAddModules().build();
        new StrictJson().customize(json);
        return json;
    }
}

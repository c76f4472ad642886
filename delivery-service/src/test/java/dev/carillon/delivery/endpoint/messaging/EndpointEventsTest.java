package dev.carillon.delivery.endpoint.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.delivery.endpoint.Endpoint;
import dev.carillon.delivery.endpoint.Endpoint.Because;
import dev.carillon.delivery.endpoint.Endpoint.Receives;
import dev.carillon.delivery.endpoint.messaging.EndpointEvents.Kind;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.json.StrictJson;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.testing.contract.EventContract;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EndpointEventsTest {
    private static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");

    private final EndpointEvents events = new EndpointEvents(new EventIds(), json());
    private final Endpoint endpoint = Endpoint.registered(
            new UUID(1, 1), "acme", URI.create("https://example.org/hooks"), "orders", Receives.OUTCOMES, NOW);

    @Test
    void every_type_that_is_told_is_documented_and_keeps_its_contract_and_every_documented_one_is_told() {
        var told = Arrays.stream(Kind.values())
                .map(kind -> events.told(kind, in(kind), TraceContext.NONE, NOW))
                .toList();

        told.forEach(event -> EventContract.of(event.type()).check(new String(event.payload(), UTF_8)));
        assertThat(told)
                .extracting(OutgoingEvent::type)
                .containsExactlyInAnyOrderElementsOf(EventContract.typesOf("carillon.endpoint."));
    }

    private Endpoint in(Kind kind) {
        return switch (kind) {
            case CREATED -> endpoint;
            case CHANGED -> endpoint.rotated();
            case FAILING -> endpoint.failed(20, NOW).told();
            case DISABLED -> endpoint.failed(20, NOW).disabled(Because.FAILING, NOW);
            case RECOVERED -> endpoint.disabled(Because.REQUESTED, NOW).enabled();
            case DELETED -> endpoint.deleted();
        };
    }

    private static JsonMapper json() {
        var json = JsonMapper.builder().findAndAddModules().build();
        new StrictJson().customize(json);
        return json;
    }
}

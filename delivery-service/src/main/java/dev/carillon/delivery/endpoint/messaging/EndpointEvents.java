package dev.carillon.delivery.endpoint.messaging;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.delivery.endpoint.Endpoint;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.event.OutgoingEvent.Urgency;
import dev.carillon.kit.event.Payloads;
import dev.carillon.kit.telemetry.TraceContext;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The events about endpoints, each with its full state and without its secrets; schemas in {@code docs/contracts/events}. */
@ApplicationScoped
public class EndpointEvents {
    private static final String TOPIC = "carillon.endpoint.events.v1";

    /** What is told. */
    public enum Kind {
        CREATED,
        CHANGED,
        FAILING,
        DISABLED,
        RECOVERED,
        DELETED
    }

    @RegisterForReflection
    record EndpointPayload(
            UUID endpointId,
            URI url,
            @Nullable String description,
            String receives,
            String status,
            @Nullable String disabledBecause,
            @Nullable Instant disabledAt,
            int failures,
            @Nullable Instant failingSince,
            Instant createdAt) {}

    private final EventIds ids;
    private final ObjectMapper json;

    public EndpointEvents(EventIds ids, ObjectMapper json) {
        this.ids = ids;
        this.json = json;
    }

    /** @param endpoint in the version that is told */
    public OutgoingEvent told(Kind kind, Endpoint endpoint, TraceContext trace, Instant now) {
        var because = endpoint.disabledBecause();
        var payload = new EndpointPayload(
                endpoint.id(),
                endpoint.url(),
                endpoint.description(),
                endpoint.receives().wireName(),
                endpoint.status().wireName(),
                because == null ? null : because.wireName(),
                endpoint.disabledAt(),
                endpoint.failures(),
                endpoint.failingSince(),
                endpoint.createdAt());
        return new OutgoingEvent(
                ids.next(),
                TOPIC,
                endpoint.id().toString(),
                type(kind),
                "/carillon/delivery",
                endpoint.id().toString(),
                endpoint.tenant(),
                endpoint.version(),
                now,
                trace,
                Payloads.bytes(json, payload),
                Urgency.PROMPT);
    }

    private static String type(Kind kind) {
        return switch (kind) {
            case CREATED -> "carillon.endpoint.created.v1";
            case CHANGED -> "carillon.endpoint.changed.v1";
            case FAILING -> "carillon.endpoint.failing.v1";
            case DISABLED -> "carillon.endpoint.disabled.v1";
            case RECOVERED -> "carillon.endpoint.recovered.v1";
            case DELETED -> "carillon.endpoint.deleted.v1";
        };
    }
}

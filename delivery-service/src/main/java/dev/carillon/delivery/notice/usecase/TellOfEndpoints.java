package dev.carillon.delivery.notice.usecase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.delivery.attempt.usecase.AcceptMessages;
import dev.carillon.delivery.attempt.usecase.AttemptClock;
import dev.carillon.delivery.endpoint.store.EndpointStore;
import dev.carillon.delivery.endpoint.store.EndpointStore.OfOutcomes;
import dev.carillon.delivery.endpoint.usecase.EndpointNotices;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Webhooks to the outcomes endpoint of a tenant that another endpoint of it fails, is disabled or works again, in the transaction in which that happens. Never to
 * the endpoint that it is about: so what comes of these webhooks is told to nobody, and nothing here can loop.
 */
@ApplicationScoped
public class TellOfEndpoints implements EndpointNotices {
    private static final Map<String, String> TYPES = Map.of(
            "carillon.endpoint.failing.v1", "endpoint.failing",
            "carillon.endpoint.disabled.v1", "endpoint.disabled",
            "carillon.endpoint.recovered.v1", "endpoint.recovered");

    private final EndpointStore endpoints;
    private final AcceptMessages acceptMessages;
    private final AttemptClock clock;
    private final ObjectMapper json;

    public TellOfEndpoints(
            EndpointStore endpoints, AcceptMessages acceptMessages, AttemptClock clock, ObjectMapper json) {
        this.endpoints = endpoints;
        this.acceptMessages = acceptMessages;
        this.clock = clock;
        this.json = json;
    }

    @Override
    public Uni<Void> tell(Tx tx, List<OutgoingEvent> events) {
        var told = events.stream().filter(one -> TYPES.containsKey(one.type())).toList();
        if (told.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var tenants = told.stream().map(OutgoingEvent::tenant).collect(Collectors.toSet());
        return endpoints.ofOutcomes(tx, tenants).chain(found -> accept(tx, told, found));
    }

    private Uni<Void> accept(Tx tx, List<OutgoingEvent> told, Map<String, OfOutcomes> endpointOf) {
        var now = clock.instant();
        var staged = new ArrayList<AcceptMessages.Staged>();
        for (var one : told) {
            var endpoint = endpointOf.get(one.tenant());
            if (endpoint != null && !endpoint.id().toString().equals(one.subject())) {
                staged.add(notice(one, endpoint.id()).staged(json, now));
            }
        }
        return staged.isEmpty() ? Uni.createFrom().voidItem() : acceptMessages.accept(tx, staged);
    }

    private Notice notice(OutgoingEvent one, UUID to) {
        var type = TYPES.getOrDefault(one.type(), one.type());
        return new Notice(one.id(), one.tenant(), to, type, one.occurredAt(), payload(one), one.trace());
    }

    private JsonNode payload(OutgoingEvent one) {
        try {
            return json.readTree(one.payload());
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}

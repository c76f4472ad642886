package dev.carillon.delivery.notice.usecase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.delivery.attempt.usecase.AcceptMessages;
import dev.carillon.delivery.attempt.usecase.AttemptClock;
import dev.carillon.delivery.endpoint.store.EndpointStore;
import dev.carillon.delivery.endpoint.store.EndpointStore.OfOutcomes;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Webhooks the ends of messages to the outcomes endpoints of their tenants, in the transaction of the inbox. What it makes are deliveries and no messages:
 * they have no end that would be told in turn.
 */
@ApplicationScoped
public class TellOutcomes {
    /**
     * The end of a message.
     *
     * @param eventId of the event that told of it: one webhook for each
     * @param type what is told, such as {@code message.delivered}
     * @param data the event's payload
     */
    public record Ended(UUID eventId, String tenant, String type, Instant at, JsonNode data, TraceContext trace) {}

    private final EndpointStore endpoints;
    private final AcceptMessages acceptMessages;
    private final AttemptClock clock;
    private final ObjectMapper json;

    public TellOutcomes(EndpointStore endpoints, AcceptMessages acceptMessages, AttemptClock clock, ObjectMapper json) {
        this.endpoints = endpoints;
        this.acceptMessages = acceptMessages;
        this.clock = clock;
        this.json = json;
    }

    public Uni<Void> tell(Tx tx, List<Ended> ended) {
        if (ended.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var tenants = ended.stream().map(Ended::tenant).collect(Collectors.toSet());
        return endpoints.ofOutcomes(tx, tenants).chain(found -> accept(tx, ended, found));
    }

    private Uni<Void> accept(Tx tx, List<Ended> ended, Map<String, OfOutcomes> endpointOf) {
        var now = clock.instant();
        var staged = new ArrayList<AcceptMessages.Staged>();
        for (var one : ended) {
            var endpoint = endpointOf.get(one.tenant);
            // What ended before is history, however late it is read.
            if (endpoint != null && !one.at.isBefore(endpoint.createdAt())) {
                staged.add(notice(one, endpoint.id()).staged(json, now));
            }
        }
        return staged.isEmpty() ? Uni.createFrom().voidItem() : acceptMessages.accept(tx, staged);
    }

    private static Notice notice(Ended one, UUID endpointId) {
        return new Notice(one.eventId, one.tenant, endpointId, one.type, one.at, one.data, one.trace);
    }
}

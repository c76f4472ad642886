package dev.carillon.delivery.notice.usecase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.delivery.attempt.usecase.AcceptMessages.Staged;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.kit.telemetry.TraceContext;
import java.time.Instant;
import java.util.UUID;

/**
 * A webhook that no message of the scheduler's is behind, in the form that Standard Webhooks recommends: {@code type}, {@code timestamp}, {@code data}.
 *
 * @param id its {@code webhook-id}
 * @param at when that which it tells of happened
 */
record Notice(UUID id, String tenant, UUID endpointId, String type, Instant at, JsonNode data, TraceContext trace) {
    private static final int ONLY_GENERATION = 1;

    Staged staged(ObjectMapper json, Instant now) {
        var to = json.createObjectNode().put("channel", Destination.WEBHOOK).put("endpointId", endpointId.toString());
        var body = json.createObjectNode().put("type", type).put("timestamp", at.toString());
        body.set("data", data);
        var content = json.createObjectNode();
        content.set("json", body);
        return new Staged(
                tenant,
                id,
                ONLY_GENERATION,
                Destination.WEBHOOK,
                to.toString(),
                content.toString(),
                now,
                null,
                null,
                trace);
    }
}

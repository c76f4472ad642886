package dev.carillon.delivery.support;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A message as the scheduler stages it. */
public record Staged(
        UUID id,
        int generation,
        String tenant,
        JsonObject to,
        JsonObject content,
        Instant dueAt,
        @Nullable Instant expiresAt,
        @Nullable String orderingKey) {

    public static Staged webhook(URI url, Instant dueAt) {
        var to = new JsonObject().put("channel", "webhook").put("url", url.toString());
        return of(to, new JsonObject().put("json", new JsonObject().put("hello", "world")), dueAt);
    }

    public static Staged endpoint(String id, Instant dueAt) {
        var to = new JsonObject().put("channel", "webhook").put("endpointId", id);
        return of(to, new JsonObject().put("json", new JsonObject().put("hello", "world")), dueAt);
    }

    public static Staged of(JsonObject to, JsonObject content, Instant dueAt) {
        return new Staged(UUID.randomUUID(), 1, "acme", to, content, dueAt, null, null);
    }

    public Staged of(String owner) {
        return new Staged(id, generation, owner, to, content, dueAt, expiresAt, orderingKey);
    }

    public Staged ofGeneration(int number) {
        return new Staged(id, number, tenant, to, content, dueAt, expiresAt, orderingKey);
    }

    public Staged expiringAt(Instant instant) {
        return new Staged(id, generation, tenant, to, content, dueAt, instant, orderingKey);
    }

    public Staged withKey(String key) {
        return new Staged(id, generation, tenant, to, content, dueAt, expiresAt, key);
    }

    public JsonObject payload() {
        return new JsonObject()
                .put("messageId", id.toString())
                .put("generation", generation)
                .put("to", to)
                .put("content", content)
                .put("dueAt", dueAt.toString())
                .put("expiresAt", expiresAt == null ? null : expiresAt.toString())
                .put("orderingKey", orderingKey)
                .put("metadata", new JsonObject())
                .put("source", new JsonObject().put("type", "api"));
    }

    public JsonObject recallPayload() {
        return new JsonObject().put("messageId", id.toString()).put("generation", generation);
    }
}

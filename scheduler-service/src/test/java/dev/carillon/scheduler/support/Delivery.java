package dev.carillon.scheduler.support;

import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.testing.quarkus.Records;
import java.util.Map;
import java.util.UUID;

/** Says on Kafka what the delivery service would say. */
public final class Delivery implements AutoCloseable {
    private static final String TOPIC = "carillon.delivery.events.v1";

    private final EventIds ids = new EventIds();
    private final UUID deliveryId = UUID.randomUUID();
    private final Records records = new Records();

    /** Reports {@code kind} (such as {@code delivered}) of the message's first generation, at the delivery's {@code version}. */
    public UUID says(String kind, String messageId, long version, int attempts) {
        return says(kind, messageId, 1, version, attempts);
    }

    public UUID says(String kind, String messageId, int generation, long version, int attempts) {
        return says(kind, messageId, version, """
                {"messageId":"%s","generation":%d,"deliveryId":"%s","attempts":%d,"possiblyDelivered":false,"firedAt":%s,
                 "channel":"a field that the scheduler does not know"}""".formatted(
                messageId, generation, deliveryId, attempts, attempts == 0 ? "null" : "\"2026-01-01T00:00:00.250Z\""));
    }

    public UUID says(String kind, String messageId, long version, String payload) {
        var id = ids.next();
        send(id, kind, messageId, version, payload);
        return id;
    }

    public void send(UUID id, String kind, String messageId, long version, String payload) {
        records.send(
                TOPIC,
                messageId,
                Map.of(
                        "ce_id",
                        id.toString(),
                        "ce_type",
                        "carillon.delivery." + kind + ".v1",
                        "ce_source",
                        "/carillon/delivery",
                        "ce_subject",
                        deliveryId.toString(),
                        "ce_tenant",
                        "acme",
                        "ce_version",
                        Long.toString(version)),
                payload);
    }

    @Override
    public void close() {
        records.close();
    }
}

package dev.carillon.scheduler.message.messaging;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.kit.event.Event;
import dev.carillon.kit.event.EventHeaders.UnreadableEvent;
import dev.carillon.kit.inbox.Inbox;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.message.DeliveryNews;
import dev.carillon.scheduler.message.usecase.ApplyDeliveryNews;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jspecify.annotations.Nullable;

/** Reads {@code carillon.delivery.events.v1}. */
@ApplicationScoped
public class DeliveryListener {
    private static final Map<String, DeliveryNews.Kind> KINDS = Map.of(
            "carillon.delivery.accepted.v1", DeliveryNews.Kind.ACCEPTED,
            "carillon.delivery.retry-scheduled.v1", DeliveryNews.Kind.RETRY_SCHEDULED,
            "carillon.delivery.held.v1", DeliveryNews.Kind.HELD,
            "carillon.delivery.delivered.v1", DeliveryNews.Kind.DELIVERED,
            "carillon.delivery.dead-lettered.v1", DeliveryNews.Kind.DEAD_LETTERED,
            "carillon.delivery.expired.v1", DeliveryNews.Kind.EXPIRED,
            "carillon.delivery.recalled.v1", DeliveryNews.Kind.RECALLED,
            "carillon.delivery.recall-refused.v1", DeliveryNews.Kind.RECALL_REFUSED,
            "carillon.delivery.redriven.v1", DeliveryNews.Kind.REDRIVEN);

    /** What the scheduler reads of a delivery event. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @RegisterForReflection
    record DeliveryPayload(
            UUID messageId,
            int generation,
            UUID deliveryId,
            int attempts,
            boolean possiblyDelivered,
            @Nullable Instant firedAt,
            @Nullable Instant nextAttemptAt,
            @Nullable String error) {}

    private final Inbox inbox;
    private final ApplyDeliveryNews applyDeliveryNews;
    private final ObjectMapper json;

    public DeliveryListener(Inbox inbox, ApplyDeliveryNews applyDeliveryNews, ObjectMapper json) {
        this.inbox = inbox;
        this.applyDeliveryNews = applyDeliveryNews;
        this.json = json;
    }

    @Incoming("delivery-events")
    Uni<Void> onDeliveryEvents(ConsumerRecords<String, byte[]> batch) {
        return inbox.consume("scheduler", batch, this::apply);
    }

    private Uni<Void> apply(Tx tx, List<Event> events) {
        var news = events.stream().map(this::read).flatMap(Optional::stream).toList();
        return applyDeliveryNews.apply(tx, news);
    }

    private Optional<DeliveryNews> read(Event event) {
        var kind = KINDS.get(event.type());
        if (kind == null) {
            return Optional.empty();
        }
        try {
            var payload = json.readValue(event.payload(), DeliveryPayload.class);
            if (payload == null || payload.messageId == null || payload.deliveryId == null) {
                throw new UnreadableEvent("The payload of " + event.type() + " names no message or no delivery");
            }
            return Optional.of(new DeliveryNews(
                    payload.messageId,
                    payload.generation,
                    event.version(),
                    kind,
                    payload.deliveryId,
                    event.occurredAt(),
                    payload.attempts,
                    payload.possiblyDelivered,
                    payload.firedAt,
                    payload.nextAttemptAt,
                    payload.error));
        } catch (IOException unreadable) {
            throw new UnreadableEvent("The payload of " + event.type() + " is not readable", unreadable);
        }
    }
}

package dev.carillon.delivery.notice.messaging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.delivery.notice.usecase.TellOutcomes;
import dev.carillon.delivery.notice.usecase.TellOutcomes.Ended;
import dev.carillon.kit.event.Event;
import dev.carillon.kit.event.EventHeaders.UnreadableEvent;
import dev.carillon.kit.inbox.Inbox;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Reads {@code carillon.message.events.v1}: how messages end. */
@ApplicationScoped
public class MessageEndListener {
    private static final Map<String, String> ENDS = Map.of(
            "carillon.message.delivered.v1", "message.delivered",
            "carillon.message.failed.v1", "message.failed",
            "carillon.message.expired.v1", "message.expired",
            "carillon.message.cancelled.v1", "message.cancelled");

    private final Inbox inbox;
    private final TellOutcomes tellOutcomes;
    private final ObjectMapper json;

    public MessageEndListener(Inbox inbox, TellOutcomes tellOutcomes, ObjectMapper json) {
        this.inbox = inbox;
        this.tellOutcomes = tellOutcomes;
        this.json = json;
    }

    @Incoming("message-events")
    Uni<Void> onMessageEvents(ConsumerRecords<String, byte[]> batch) {
        return inbox.consume(
                "delivery", "delivery-outcomes", batch, event -> ENDS.containsKey(event.type()), this::apply);
    }

    private Uni<Void> apply(Tx tx, List<Event> events) {
        return tellOutcomes.tell(
                tx, events.stream().map(this::read).flatMap(Optional::stream).toList());
    }

    private Optional<Ended> read(Event event) {
        var type = ENDS.get(event.type());
        return type == null
                ? Optional.empty()
                : Optional.of(
                        new Ended(event.id(), event.tenant(), type, event.occurredAt(), payload(event), event.trace()));
    }

    private JsonNode payload(Event event) {
        try {
            var payload = json.readTree(event.payload());
            if (payload == null || !payload.hasNonNull("messageId")) {
                throw new UnreadableEvent("The payload of " + event.type() + " names no message");
            }
            return payload;
        } catch (IOException unreadable) {
            throw new UnreadableEvent("The payload of " + event.type() + " is not readable", unreadable);
        }
    }
}

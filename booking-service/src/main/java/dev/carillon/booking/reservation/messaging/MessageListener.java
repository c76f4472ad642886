package dev.carillon.booking.reservation.messaging;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.booking.reservation.MessageNews;
import dev.carillon.booking.reservation.store.MessageNewsStore.TenantNews;
import dev.carillon.booking.reservation.usecase.FollowMessages;
import dev.carillon.kit.event.Event;
import dev.carillon.kit.event.EventHeaders.UnreadableEvent;
import dev.carillon.kit.inbox.Inbox;
import dev.carillon.kit.tx.Tx;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jspecify.annotations.Nullable;

/** Reads {@code carillon.message.events.v1}: what became of messages whose source is a booking. */
@ApplicationScoped
public class MessageListener {
    private static final Set<String> TYPES = Set.of(
            "carillon.message.delivered.v1",
            "carillon.message.failed.v1",
            "carillon.message.expired.v1",
            "carillon.message.held.v1",
            "carillon.message.cancelled.v1");

    /** What booking reads of a message event. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @RegisterForReflection
    record MessagePayload(
            @Nullable UUID messageId,
            @Nullable String status,
            @Nullable Source source,
            @Nullable Map<String, String> metadata,
            @Nullable String error) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @RegisterForReflection
    record Source(String type, String id) {}

    private final Inbox inbox;
    private final FollowMessages followMessages;
    private final ObjectMapper json;

    public MessageListener(Inbox inbox, FollowMessages followMessages, ObjectMapper json) {
        this.inbox = inbox;
        this.followMessages = followMessages;
        this.json = json;
    }

    @Incoming("message-events")
    Uni<Void> onMessageEvents(ConsumerRecords<String, byte[]> batch) {
        return inbox.consume("booking", "booking", batch, this::concerns, this::apply);
    }

    /** Most messages are of no booking. */
    private boolean concerns(Event event) {
        try {
            return read(event).isPresent();
        } catch (UnreadableEvent unreadable) {
            return true;
        }
    }

    private Uni<Void> apply(Tx tx, List<Event> events) {
        return followMessages.apply(
                tx, events.stream().map(this::read).flatMap(Optional::stream).toList());
    }

    private Optional<TenantNews> read(Event event) {
        if (!TYPES.contains(event.type())) {
            return Optional.empty();
        }
        try {
            return news(event, json.readValue(event.payload(), MessagePayload.class));
        } catch (IOException | IllegalArgumentException unreadable) {
            throw new UnreadableEvent("The payload of " + event.type() + " is not readable", unreadable);
        }
    }

    private static Optional<TenantNews> news(Event event, MessagePayload payload) {
        if (payload.source == null || payload.messageId == null || payload.status == null) {
            throw new UnreadableEvent("The payload of " + event.type() + " lacks messageId, status or source");
        }
        if (!"booking".equals(payload.source.type)) {
            return Optional.empty();
        }
        var metadata = Objects.requireNonNullElse(payload.metadata, Map.<String, String>of());
        return Optional.of(new TenantNews(
                event.tenant(),
                new MessageNews(
                        payload.messageId,
                        UUID.fromString(payload.source.id),
                        metadata.getOrDefault("purpose", "unknown"),
                        sequence(metadata.get("sequence")),
                        payload.status,
                        event.version(),
                        event.occurredAt(),
                        payload.error)));
    }

    private static @Nullable Integer sequence(@Nullable String text) {
        return text == null ? null : Integer.valueOf(text);
    }
}

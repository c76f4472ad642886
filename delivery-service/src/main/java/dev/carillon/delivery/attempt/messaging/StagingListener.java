package dev.carillon.delivery.attempt.messaging;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.delivery.attempt.usecase.AcceptMessages;
import dev.carillon.delivery.attempt.usecase.AcceptMessages.FromScheduler;
import dev.carillon.kit.event.Event;
import dev.carillon.kit.event.EventHeaders.UnreadableEvent;
import dev.carillon.kit.inbox.Inbox;
import dev.carillon.kit.tx.Tx;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jspecify.annotations.Nullable;

/** Reads {@code carillon.message.staged.v1}: messages that are handed over, and those that are called back, in their order. */
@ApplicationScoped
public class StagingListener {
    private static final String STAGED = "carillon.message.staged.v1";
    private static final String RECALLED = "carillon.message.recalled.v1";

    /** What delivery reads of a staged message. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @RegisterForReflection
    record StagedPayload(
            UUID messageId,
            int generation,
            JsonNode to,
            JsonNode content,
            Instant dueAt,
            @Nullable Instant expiresAt,
            @Nullable String orderingKey) {}

    /** What delivery reads of a recall. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    @RegisterForReflection
    record RecalledPayload(
            UUID messageId, int generation, @Nullable Boolean unlessAttempted) {}

    private final Inbox inbox;
    private final AcceptMessages acceptMessages;
    private final MessageReading messages;
    private final ObjectMapper json;

    public StagingListener(Inbox inbox, AcceptMessages acceptMessages, MessageReading messages, ObjectMapper json) {
        this.inbox = inbox;
        this.acceptMessages = acceptMessages;
        this.messages = messages;
        this.json = json;
    }

    @Incoming("staged-messages")
    Uni<Void> onStagedMessages(ConsumerRecords<String, byte[]> batch) {
        return inbox.consume("delivery", batch, this::apply);
    }

    private Uni<Void> apply(Tx tx, List<Event> events) {
        return applyAll(
                tx, events.stream().map(this::read).flatMap(Optional::stream).toList());
    }

    private Optional<FromScheduler> read(Event event) {
        return switch (event.type()) {
            case STAGED -> Optional.of(staged(event));
            case RECALLED -> Optional.of(recalled(event));
            default -> Optional.empty();
        };
    }

    /** Runs of one kind go together; a recall never overtakes the staging before it. */
    private Uni<Void> applyAll(Tx tx, List<FromScheduler> batch) {
        var chain = acceptMessages.lock(tx, batch);
        for (int from = 0; from < batch.size(); ) {
            int to = from + 1;
            while (to < batch.size()
                    && batch.get(to).getClass() == batch.get(from).getClass()) {
                to++;
            }
            var run = batch.subList(from, to);
            chain = chain.chain(() -> applyRun(tx, run));
            from = to;
        }
        return chain;
    }

    private Uni<Void> applyRun(Tx tx, List<FromScheduler> run) {
        return switch (run.getFirst()) {
            case AcceptMessages.Staged first ->
                acceptMessages.accept(
                        tx, run.stream().map(AcceptMessages.Staged.class::cast).toList());
            case AcceptMessages.Recalled first ->
                acceptMessages.recall(
                        tx,
                        run.stream().map(AcceptMessages.Recalled.class::cast).toList());
        };
    }

    private AcceptMessages.Staged staged(Event event) {
        var payload = read(event, StagedPayload.class);
        if (payload.messageId == null || payload.to == null || payload.content == null || payload.dueAt == null) {
            throw new UnreadableEvent("The payload of " + event.type() + " lacks messageId, to, content or dueAt");
        }
        checkGeneration(event, payload.generation);
        var destination = payload.to.toString();
        var content = payload.content.toString();
        try {
            messages.destination(destination);
            messages.content(content);
        } catch (IllegalArgumentException unreadable) {
            throw new UnreadableEvent("The message cannot be sent: " + unreadable.getMessage(), unreadable);
        }
        return new AcceptMessages.Staged(
                event.tenant(),
                payload.messageId,
                payload.generation,
                payload.to.path("channel").asText(),
                destination,
                content,
                payload.dueAt,
                payload.expiresAt,
                payload.orderingKey,
                event.trace());
    }

    private AcceptMessages.Recalled recalled(Event event) {
        var payload = read(event, RecalledPayload.class);
        if (payload.messageId == null) {
            throw new UnreadableEvent("The payload of " + event.type() + " lacks messageId");
        }
        checkGeneration(event, payload.generation);
        return new AcceptMessages.Recalled(
                event.tenant(),
                payload.messageId,
                payload.generation,
                Boolean.TRUE.equals(payload.unlessAttempted),
                event.trace());
    }

    /** They are counted from 1. */
    private static void checkGeneration(Event event, int generation) {
        if (generation < 1) {
            throw new UnreadableEvent("The payload of " + event.type() + " has a generation below 1");
        }
    }

    private <T> T read(Event event, Class<T> type) {
        try {
            var payload = json.readValue(event.payload(), type);
            if (payload == null) {
                throw new UnreadableEvent("The payload of " + event.type() + " is null");
            }
            return payload;
        } catch (IOException unreadable) {
            throw new UnreadableEvent("The payload of " + event.type() + " is not readable", unreadable);
        }
    }
}

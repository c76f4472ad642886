package dev.carillon.delivery.attempt.messaging;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.carillon.delivery.attempt.usecase.AcceptMessages;
import dev.carillon.kit.event.Event;
import dev.carillon.kit.event.EventHeaders.UnreadableEvent;
import dev.carillon.kit.inbox.Inbox;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.Tx;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
    record RecalledPayload(UUID messageId, int generation) {}

    private final Inbox inbox;
    private final AcceptMessages acceptMessages;
    private final MessageReading messages;
    private final ObjectMapper json;
    private final Traces traces;

    public StagingListener(
            Inbox inbox, AcceptMessages acceptMessages, MessageReading messages, ObjectMapper json, Traces traces) {
        this.inbox = inbox;
        this.acceptMessages = acceptMessages;
        this.messages = messages;
        this.json = json;
        this.traces = traces;
    }

    @Incoming("staged-messages")
    Uni<Void> onStagedMessages(ConsumerRecords<String, byte[]> batch) {
        return inbox.consume("delivery", batch, this::apply);
    }

    /** Runs of one type go together; a recall never overtakes the staging before it. */
    private Uni<Void> apply(Tx tx, List<Event> events) {
        var spans = events.stream().map(this::span).toList();
        Uni<Void> chain = Uni.createFrom().voidItem();
        for (int from = 0; from < events.size(); ) {
            int to = from + 1;
            while (to < events.size()
                    && events.get(to).type().equals(events.get(from).type())) {
                to++;
            }
            int begin = from;
            int end = to;
            chain = chain.chain(() -> applyRun(tx, events.subList(begin, end), spans.subList(begin, end)));
            from = to;
        }
        return chain.onTermination().invoke(() -> spans.forEach(Span::end));
    }

    private Uni<Void> applyRun(Tx tx, List<Event> run, List<Span> spans) {
        return switch (run.getFirst().type()) {
            case STAGED -> {
                var staged = new ArrayList<AcceptMessages.Staged>();
                for (int i = 0; i < run.size(); i++) {
                    staged.add(staged(run.get(i), spans.get(i)));
                }
                yield acceptMessages.accept(tx, staged);
            }
            case RECALLED ->
                acceptMessages.recall(tx, run.stream().map(this::recalled).toList());
            default -> Uni.createFrom().voidItem();
        };
    }

    private Span span(Event event) {
        return traces.start(STAGED + " process", SpanKind.CONSUMER, event.trace())
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.destination.name", STAGED)
                .setAttribute("messaging.operation.type", "process")
                .setAttribute("carillon.event.type", event.type())
                .setAttribute("carillon.message.id", event.subject());
    }

    private AcceptMessages.Staged staged(Event event, Span span) {
        var payload = read(event, StagedPayload.class);
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
                traces.of(span));
    }

    private AcceptMessages.Recalled recalled(Event event) {
        var payload = read(event, RecalledPayload.class);
        return new AcceptMessages.Recalled(event.tenant(), payload.messageId, payload.generation, event.trace());
    }

    private <T> T read(Event event, Class<T> type) {
        try {
            return json.readValue(event.payload(), type);
        } catch (IOException unreadable) {
            throw new UnreadableEvent("The payload of " + event.type() + " is not readable", unreadable);
        }
    }
}

package dev.carillon.scheduler.message.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.scheduler.message.Source;
import dev.carillon.scheduler.message.store.MessageJson;
import dev.carillon.scheduler.message.store.TracedMessage;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message as clients see it.
 *
 * @param version the revision of the {@code ETag}: counts the client's own changes
 * @param content as it goes out, whatever it was made of
 * @param template the {@code name}, {@code version} and {@code data} that {@code content} was made of
 * @param lateness firedAt − dueAt
 * @param traceId the trace that created it and that its delivery continues
 */
@RegisterForReflection
public record MessageView(
        UUID id,
        String status,
        int version,
        JsonNode to,
        JsonNode content,
        @Nullable JsonNode template,
        Instant dueAt,
        LocalDateTime localDueAt,
        String zone,
        String tzdbVersion,
        @Nullable Instant expiresAt,
        @Nullable String orderingKey,
        @Nullable JsonNode onFailure,
        Map<String, String> metadata,
        Source source,
        Instant createdAt,
        @Nullable Instant stagedAt,
        @Nullable Instant firedAt,
        @Nullable Duration lateness,
        @Nullable Instant nextAttemptAt,
        @Nullable Instant deliveredAt,
        @Nullable Instant endedAt,
        @Nullable UUID deliveryId,
        int attempts,
        boolean possiblyDelivered,
        @Nullable String error,
        @Nullable String traceId,
        List<Moment> timeline) {

    /** When a message got where. */
    @RegisterForReflection
    public record Moment(String status, Instant at) {}

    static MessageView of(TracedMessage traced, MessageJson json) {
        var message = traced.message();
        var progress = message.progress();
        var timing = message.timing();
        var firedAt = progress.firedAt();
        return new MessageView(
                message.id(),
                message.status().wireName(),
                message.revision(),
                json.recipient(message.to()),
                json.content(message.content()),
                json.template(message.content()),
                timing.dueAt(),
                timing.local(),
                timing.zone().getId(),
                timing.tzdbVersion(),
                message.expiresAt(),
                message.orderingKey(),
                message.onFailure() == null ? null : json.recipient(message.onFailure()),
                message.metadata(),
                message.source(),
                message.createdAt(),
                message.stagedAt(),
                firedAt,
                firedAt == null ? null : Duration.between(timing.dueAt(), firedAt),
                progress.nextAttemptAt(),
                progress.deliveredAt(),
                progress.endedAt(),
                progress.deliveryId(),
                progress.attempts(),
                progress.possiblyDelivered(),
                progress.error(),
                traced.trace().traceId(),
                timeline(traced));
    }

    private static List<Moment> timeline(TracedMessage traced) {
        var message = traced.message();
        var moments = new ArrayList<Moment>();
        moment(moments, "scheduled", message.createdAt());
        moment(moments, "staged", message.stagedAt());
        moment(moments, "accepted", message.progress().acceptedAt());
        moment(moments, "fired", message.progress().firedAt());
        moment(moments, message.status().wireName(), message.progress().endedAt());
        return moments;
    }

    private static void moment(List<Moment> moments, String status, @Nullable Instant at) {
        if (at != null) {
            moments.add(new Moment(status, at));
        }
    }
}

package dev.carillon.scheduler.message.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/messages}, as it comes; {@link MessageReading} gives it its meaning or says what is wrong. */
@RegisterForReflection
public record ScheduleMessageRequest(
        @Nullable RecipientRequest to,
        @Nullable ContentRequest content,
        @Nullable ScheduleRequest schedule,
        @Nullable String expiresAt,
        @Nullable String orderingKey,
        @Nullable RecipientRequest onFailure,
        @Nullable Map<String, String> metadata) {

    @RegisterForReflection
    public record RecipientRequest(
            @Nullable String channel,
            @Nullable String address,
            @Nullable JsonNode chatId,
            @Nullable String url,
            @Nullable UUID endpointId) {}

    @RegisterForReflection
    public record ContentRequest(
            @Nullable String subject,
            @Nullable String text,
            @Nullable String html,
            @Nullable String markdown,
            @Nullable String from,
            @Nullable String replyTo,
            @Nullable List<AttachmentRequest> attachments,
            @Nullable JsonNode json,
            @Nullable String template,
            @Nullable Map<String, @Nullable JsonNode> data) {}

    @RegisterForReflection
    public record AttachmentRequest(
            @Nullable String name,
            @Nullable String contentType,
            @Nullable String base64) {}

    @RegisterForReflection
    public record ScheduleRequest(
            @Nullable String at,
            @Nullable String in,
            @Nullable Boolean now,
            @Nullable String phrase,
            @Nullable String zone) {}
}

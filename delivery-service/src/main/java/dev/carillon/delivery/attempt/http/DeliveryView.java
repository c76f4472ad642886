package dev.carillon.delivery.attempt.http;

import com.fasterxml.jackson.annotation.JsonRawValue;
import dev.carillon.delivery.attempt.store.AttemptRow;
import dev.carillon.delivery.attempt.store.DeliveryReader.Attempted;
import dev.carillon.kit.telemetry.TraceContext;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A delivery as clients see it.
 *
 * @param nextAttemptAt while it is pending or waiting
 * @param lateness firedAt − dueAt
 * @param possiblyDelivered whether the outcome of an attempt is unknown
 */
@RegisterForReflection
public record DeliveryView(
        UUID id,
        UUID messageId,
        int generation,
        String status,
        String channel,
        @JsonRawValue @Schema(type = SchemaType.OBJECT) String destination,
        Instant dueAt,
        @Nullable Instant expiresAt,
        @Nullable String orderingKey,
        @Nullable Instant nextAttemptAt,
        @Nullable Instant firedAt,
        @Nullable Duration lateness,
        @Nullable Instant endedAt,
        boolean possiblyDelivered,
        @Nullable String error,
        @Nullable String traceId,
        Instant createdAt,
        List<AttemptView> attempts) {

    /**
     * One call to a provider.
     *
     * @param outcome absent while it is open; {@code unknown} when whoever made it did not live to record it
     */
    @RegisterForReflection
    public record AttemptView(
            int number,
            Instant startedAt,
            @Nullable Duration duration,
            @Nullable String outcome,
            @Nullable String reason,
            @Nullable Integer providerStatus,
            @Nullable String error,
            @Nullable String responseExcerpt,
            @Nullable Instant nextAttemptAt,
            @Nullable String traceId) {
        static AttemptView of(AttemptRow row) {
            var micros = row.durationMicros;
            return new AttemptView(
                    row.number,
                    row.startedAt,
                    micros == null ? null : Duration.of(micros, ChronoUnit.MICROS),
                    row.outcome,
                    row.reason,
                    row.providerStatus,
                    row.error,
                    row.responseExcerpt,
                    row.nextAttemptAt,
                    row.traceId);
        }
    }

    public static DeliveryView of(Attempted attempted) {
        var row = attempted.delivery();
        boolean open = row.status.equals("pending") || row.status.equals("waiting");
        var firedAt = row.firedAt;
        return new DeliveryView(
                row.id,
                row.messageId,
                row.generation,
                row.status,
                row.channel,
                row.destination,
                row.dueAt,
                row.expiresAt,
                row.orderingKey,
                open ? row.attemptAt : null,
                firedAt,
                firedAt == null ? null : Duration.between(row.dueAt, firedAt),
                row.endedAt,
                row.possiblyDelivered,
                row.error,
                new TraceContext(row.traceparent, null).traceId(),
                row.createdAt,
                attempted.attempts().stream().map(AttemptView::of).toList());
    }
}

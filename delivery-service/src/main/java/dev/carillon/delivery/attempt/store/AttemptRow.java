package dev.carillon.delivery.attempt.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** An attempt's row, for reading; {@link DeliveryStore} writes it. */
@Entity
@Immutable
@Table(name = "attempt")
@IdClass(AttemptRow.Key.class)
@NullUnmarked
public class AttemptRow {
    /** What an attempt is unique on. */
    public record Key(UUID deliveryId, int number) implements Serializable {}

    @Id
    @Column(name = "delivery_id")
    public UUID deliveryId;

    @Id
    public int number;

    @Column(name = "started_at")
    public Instant startedAt;

    @Column(name = "duration_micros")
    public @Nullable Long durationMicros;

    public @Nullable String outcome;
    public @Nullable String reason;

    @Column(name = "provider_status")
    public @Nullable Integer providerStatus;

    public @Nullable String error;

    @Column(name = "response_excerpt")
    public @Nullable String responseExcerpt;

    @Column(name = "next_attempt_at")
    public @Nullable Instant nextAttemptAt;

    @Column(name = "trace_id")
    public @Nullable String traceId;
}

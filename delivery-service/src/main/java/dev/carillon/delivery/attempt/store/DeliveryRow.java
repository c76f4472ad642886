package dev.carillon.delivery.attempt.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** A delivery's row, for reading; {@link DeliveryStore} writes it. */
@Entity
@Immutable
@Table(name = "delivery")
@NullUnmarked
public class DeliveryRow {
    @Id
    public UUID id;

    public String tenant;

    @Column(name = "message_id")
    public UUID messageId;

    public int generation;
    public String status;
    public long version;
    public String channel;
    public String destination;

    @Column(name = "due_at")
    public Instant dueAt;

    @Column(name = "expires_at")
    public @Nullable Instant expiresAt;

    @Column(name = "ordering_key")
    public @Nullable String orderingKey;

    @Column(name = "attempts")
    public int attempts;

    @Column(name = "attempt_at")
    public Instant attemptAt;

    @Column(name = "possibly_delivered")
    public boolean possiblyDelivered;

    @Column(name = "fired_at")
    public @Nullable Instant firedAt;

    @Column(name = "ended_at")
    public @Nullable Instant endedAt;

    public @Nullable String error;
    public @Nullable String traceparent;

    @Column(name = "created_at")
    public Instant createdAt;
}

package dev.carillon.booking.availability.store;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.NullUnmarked;

/** A resource's row. */
@Entity
@Table(name = "resource")
@NullUnmarked
class ResourceRow {
    @Id
    UUID id;

    String tenant;
    String name;
    String zone;

    @Column(name = "slot_length")
    String slotLength;

    String buffer;
    int capacity;

    @Column(name = "horizon_days")
    int horizonDays;

    String weekly;
    String exceptions;
    String reminders;

    String language;
    String templates;

    @Column(name = "lead_time")
    String leadTime;

    @Column(name = "cancel_notice")
    String cancelNotice;

    @Column(name = "max_per_customer")
    Integer maxPerCustomer;

    @Column(name = "generated_until")
    LocalDate generatedUntil;

    int revision;

    @Column(name = "created_at")
    Instant createdAt;
}

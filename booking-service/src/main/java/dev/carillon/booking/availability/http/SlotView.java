package dev.carillon.booking.availability.http;

import dev.carillon.booking.availability.Slot;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.UUID;

/**
 * A slot as clients see it.
 *
 * @param version the revision of the {@code ETag}: counts its owner's changes, not the bookings
 * @param localStart in the resource's zone
 * @param booked places that are taken or held
 */
@RegisterForReflection
public record SlotView(
        UUID id,
        UUID resourceId,
        int version,
        Instant startAt,
        Instant endAt,
        LocalDateTime localStart,
        int capacity,
        int booked,
        int available,
        String status) {
    static SlotView of(Slot slot) {
        return new SlotView(
                slot.id(),
                slot.resourceId(),
                slot.revision(),
                slot.startAt(),
                slot.endAt(),
                slot.localStart(),
                slot.capacity(),
                slot.booked(),
                slot.available(),
                slot.status().wireName());
    }
}

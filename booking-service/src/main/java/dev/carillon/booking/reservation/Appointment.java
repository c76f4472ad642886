package dev.carillon.booking.reservation;

import dev.carillon.booking.availability.BookingRules;
import dev.carillon.booking.availability.Resource;
import dev.carillon.booking.availability.Slot;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;

/**
 * What was booked: a slot of a resource.
 *
 * @param localStart in {@code zone}, the resource's
 * @param reminders how long before the start, ISO 8601
 */
public record Appointment(
        UUID slotId,
        Instant startAt,
        Instant endAt,
        LocalDateTime localStart,
        UUID resourceId,
        String resourceName,
        ZoneId zone,
        List<String> reminders,
        BookingRules rules) {
    public static Appointment of(Slot slot, Resource resource) {
        return new Appointment(
                slot.id(),
                slot.startAt(),
                slot.endAt(),
                slot.localStart(),
                resource.id(),
                resource.name(),
                resource.zone(),
                resource.reminders(),
                resource.rules());
    }
}

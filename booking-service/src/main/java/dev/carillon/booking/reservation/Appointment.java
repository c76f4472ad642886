package dev.carillon.booking.reservation;

import dev.carillon.booking.availability.BookingRules;
import dev.carillon.booking.availability.Messages;
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
 * @param messages how the resource's customers are written to
 * @param slotClosed whether the slot takes no bookings any more, as far as this booking's customer has been told
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
        BookingRules rules,
        Messages messages,
        boolean slotClosed) {
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
                resource.rules(),
                resource.messages(),
                false);
    }

    Appointment withSlotClosed(boolean closed) {
        return new Appointment(
                slotId, startAt, endAt, localStart, resourceId, resourceName, zone, reminders, rules, messages, closed);
    }
}

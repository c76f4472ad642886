package dev.carillon.booking.availability;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;

/**
 * What has slots: a room, a machine, a person.
 *
 * @param buffer between the end of a slot and the start of the next
 * @param capacity of each slot, in places
 * @param horizon how far ahead slots are generated, in days
 * @param reminders how long before a start its customers are reminded, ISO 8601; the calendar part counts in {@code zone}
 * @param revision counts the client's own changes, from 1
 */
public record Resource(
        UUID id,
        String tenant,
        String name,
        ZoneId zone,
        Duration slotLength,
        Duration buffer,
        int capacity,
        Period horizon,
        List<Opening> weekly,
        List<DayException> exceptions,
        List<String> reminders,
        BookingRules rules,
        int revision,
        Instant createdAt) {

    /** As its owner wants it from now on; what is booked stays booked. */
    public Resource changedTo(String newName, List<String> newReminders, BookingRules newRules) {
        return new Resource(
                id,
                tenant,
                newName,
                zone,
                slotLength,
                buffer,
                capacity,
                horizon,
                weekly,
                exceptions,
                newReminders,
                newRules,
                revision + 1,
                createdAt);
    }

    /** The first local day whose slots are not to be there yet at {@code now}. */
    public LocalDate horizonAt(Instant now) {
        return now.atZone(zone).toLocalDate().plus(horizon).plusDays(1);
    }

    /** When the day after {@code now}'s begins here: then the horizon has moved on. */
    public Instant nextDay(Instant now) {
        return now.atZone(zone).toLocalDate().plusDays(1).atStartOfDay(zone).toInstant();
    }
}

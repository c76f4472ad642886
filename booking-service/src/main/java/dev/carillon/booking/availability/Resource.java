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
        Messages messages,
        int revision,
        Instant createdAt) {

    /** Whether its slots have other times or another capacity than those of {@code other}. */
    public boolean hasOtherSlotsThan(Resource other) {
        return capacity != other.capacity
                || !slotLength.equals(other.slotLength)
                || !buffer.equals(other.buffer)
                || !horizon.equals(other.horizon)
                || !weekly.equals(other.weekly)
                || !exceptions.equals(other.exceptions);
    }

    /** The first local day whose slots are not to be there yet at {@code now}. */
    public LocalDate horizonAt(Instant now) {
        return dayOf(now).plus(horizon).plusDays(1);
    }

    /** When the day after {@code now}'s begins here: then the horizon has moved on. */
    public Instant nextDay(Instant now) {
        return startOf(dayOf(now).plusDays(1));
    }

    /** The local day of {@code now}. */
    public LocalDate dayOf(Instant now) {
        return now.atZone(zone).toLocalDate();
    }

    /** When {@code day} begins here. */
    public Instant startOf(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }
}

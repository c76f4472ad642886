package dev.carillon.booking.availability;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.UUID;

/**
 * A time that can be booked.
 *
 * @param localStart in the resource's zone
 * @param booked places that are taken; over {@code capacity} only when that was lowered later
 * @param revision counts the client's own changes, from 1
 */
public record Slot(
        UUID id,
        String tenant,
        UUID resourceId,
        Instant startAt,
        Instant endAt,
        LocalDateTime localStart,
        int capacity,
        int booked,
        SlotStatus status,
        int revision) {

    /** What it comes to when somebody wants places. */
    public sealed interface Taking {
        record Taken(Slot slot) implements Taking {}

        /** @param available fewer than were wanted */
        record Full(int available) implements Taking {}

        /** It is closed, has begun, or begins too soon. */
        record Closed(String why) implements Taking {}
    }

    /** @param leadTime how long before its start it is booked at the latest */
    public Taking take(int places, Instant now, Duration leadTime) {
        if (status == SlotStatus.CLOSED) {
            return new Taking.Closed("The slot is closed");
        }
        if (!startAt.isAfter(now)) {
            return new Taking.Closed("The slot began at " + startAt);
        }
        if (startAt.isBefore(now.plus(leadTime))) {
            return new Taking.Closed(
                    "The slot begins at %s and was to be booked %s before".formatted(startAt, leadTime));
        }
        return places <= available() ? new Taking.Taken(withBooked(booked + places)) : new Taking.Full(available());
    }

    /** @throws IllegalArgumentException when so many are not taken */
    public Slot giveBack(int places) {
        if (places > booked) {
            throw new IllegalArgumentException(
                    "%d places of slot %s cannot be given back: %d are taken".formatted(places, id, booked));
        }
        return withBooked(booked - places);
    }

    public int available() {
        return Math.max(0, capacity - booked);
    }

    /** As its owner wants it from now on; what is booked stays booked. */
    public Slot changedTo(int newCapacity, SlotStatus newStatus) {
        return new Slot(
                id, tenant, resourceId, startAt, endAt, localStart, newCapacity, booked, newStatus, revision + 1);
    }

    private Slot withBooked(int taken) {
        return new Slot(id, tenant, resourceId, startAt, endAt, localStart, capacity, taken, status, revision);
    }
}

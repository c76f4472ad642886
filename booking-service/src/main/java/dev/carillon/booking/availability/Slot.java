package dev.carillon.booking.availability;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A time that can be booked.
 *
 * @param localStart in the resource's zone
 * @param booked places that are taken; over {@code capacity} only when that was lowered later
 * @param ties how far it follows its resource
 * @param revision counts its owner's changes, those of its resource's hours among them, from 1; the version of its events
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
        Ties ties,
        int revision) {

    /**
     * How far a slot follows its resource.
     *
     * @param generated the hours made it, and close it when they have it no longer
     * @param ownCapacity its capacity was set by hand, and is not the resource's
     * @param closedByHours it was they that closed it, and they open it when they have it again
     */
    public record Ties(boolean generated, boolean ownCapacity, boolean closedByHours) {
        /** Made by the hours. */
        public static final Ties GENERATED = new Ties(true, false, false);

        /** Opened by hand. */
        public static final Ties EXTRA = new Ties(false, true, false);

        private Ties closedByHours(boolean closed) {
            return new Ties(generated, ownCapacity, closed);
        }
    }

    /** What it comes to when somebody wants places. */
    public sealed interface Taking {
        record Taken(Slot slot) implements Taking {}

        /** @param available fewer than were wanted */
        record Full(int available) implements Taking {}

        /** It is closed, has begun, or begins too soon. */
        record Closed(String why) implements Taking {}
    }

    /** Open, with nothing booked. */
    public static Slot opened(UUID id, Resource resource, SlotTimes.SlotTime time, int capacity, Ties ties) {
        return new Slot(
                id,
                resource.tenant(),
                resource.id(),
                time.startAt(),
                time.endAt(),
                time.startAt().atZone(resource.zone()).toLocalDateTime(),
                capacity,
                0,
                SlotStatus.OPEN,
                ties,
                1);
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

    public SlotTimes.SlotTime time() {
        return new SlotTimes.SlotTime(startAt, endAt);
    }

    /**
     * As its owner wants it from now on; what is booked stays booked. What the hours have closed stays theirs to open.
     *
     * @param newCapacity null to leave it
     * @param newStatus null to leave it
     */
    public Slot changedTo(@Nullable Integer newCapacity, @Nullable SlotStatus newStatus) {
        return changed(
                newCapacity == null ? capacity : newCapacity,
                newStatus == null || ties.closedByHours ? status : newStatus,
                newCapacity == null ? ties : new Ties(ties.generated, true, ties.closedByHours));
    }

    /** The hours have it no longer. */
    Slot closedByHours() {
        return changed(capacity, SlotStatus.CLOSED, ties.closedByHours(true));
    }

    /** The hours have it again. */
    Slot openedByHours() {
        return changed(capacity, SlotStatus.OPEN, ties.closedByHours(false));
    }

    /** The resource has another capacity. */
    Slot withCapacityOf(Resource resource) {
        return ties.ownCapacity || resource.capacity() == capacity ? this : changed(resource.capacity(), status, ties);
    }

    private Slot changed(int newCapacity, SlotStatus newStatus, Ties newTies) {
        return new Slot(
                id,
                tenant,
                resourceId,
                startAt,
                endAt,
                localStart,
                newCapacity,
                booked,
                newStatus,
                newTies,
                revision + 1);
    }

    private Slot withBooked(int taken) {
        return new Slot(id, tenant, resourceId, startAt, endAt, localStart, capacity, taken, status, ties, revision);
    }
}

package dev.carillon.booking.availability;

import dev.carillon.booking.availability.SlotTimes.SlotTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is to become of a resource's slots so that they are those of its hours. No slot is ever taken away: one that the hours have no longer is
 * closed, with whatever is booked in it, and open again when they have it again. What its owner has closed or opened by hand stays as it is.
 *
 * <p>No slot is opened over the time of one that is closed and still booked, or that runs, nor within the resource's buffer of it: whoever is booked there
 * comes.
 *
 * @param closing to be written before {@code changing}: a slot may be opened where one is closed
 * @param changing those that are open again, or have another capacity
 * @param missing times that have no slot yet
 */
public record SlotPlan(List<Slot> closing, List<Slot> changing, List<SlotTime> missing) {

    /**
     * What is to be done when a resource has changed.
     *
     * @param times of the slots that the hours have, in order
     * @param slots all those of the resource that end after {@code now}, as far as {@code times} reach
     */
    public static SlotPlan of(Resource resource, Collection<SlotTime> times, Collection<Slot> slots, Instant now) {
        return new Planning(resource, times, now, true).plan(slots);
    }

    /** What is to be done when the horizon has moved on: as {@link #of}, but that nothing is closed. */
    public static SlotPlan opening(Resource resource, Collection<SlotTime> times, Collection<Slot> slots, Instant now) {
        return new Planning(resource, times, now, false).plan(slots);
    }

    /** The slots that are to be changed. */
    public List<Slot> changed() {
        return Stream.concat(closing.stream(), changing.stream()).toList();
    }

    private static final class Planning {
        private final Resource resource;
        private final Instant now;
        private final boolean mayClose;
        private final SortedMap<Instant, SlotTime> wanted = new TreeMap<>();
        private final List<Slot> closing = new ArrayList<>();
        private final List<Slot> changing = new ArrayList<>();
        private final List<SlotTime> missing = new ArrayList<>();
        private final Set<Instant> starts = new HashSet<>();
        private final KeptTimes kept;

        Planning(Resource resource, Collection<SlotTime> times, Instant now, boolean mayClose) {
            this.resource = resource;
            this.now = now;
            this.mayClose = mayClose;
            this.kept = new KeptTimes(resource.buffer());
            times.stream()
                    .filter(time -> time.startAt().isAfter(now))
                    .forEach(time -> wanted.put(time.startAt(), time));
        }

        SlotPlan plan(Collection<Slot> slots) {
            slots.forEach(this::look);
            slots.stream()
                    .filter(slot -> slot.ties().closedByHours() && isWanted(slot))
                    .forEach(this::openAgain);
            wanted.values().forEach(this::open);
            return new SlotPlan(List.copyOf(closing), List.copyOf(changing), List.copyOf(missing));
        }

        private boolean isWanted(Slot slot) {
            return slot.time().equals(wanted.get(slot.startAt()));
        }

        /** Closes what the hours have no longer, and finds which times are taken by what stays. */
        private void look(Slot slot) {
            if (isToBeClosed(slot)) {
                closing.add(slot.closedByHours());
            } else if (!slot.ties().closedByHours()) {
                starts.add(slot.startAt());
            }
            if (slot.ties().generated()) {
                lookAtGenerated(slot);
            }
        }

        private void lookAtGenerated(Slot slot) {
            if (!isWanted(slot)) {
                keep(slot);
            } else if (!slot.ties().closedByHours() && slot.withCapacityOf(resource) != slot) {
                changing.add(slot.withCapacityOf(resource));
            }
        }

        /** Somebody is in it, or its owner wants nobody to be, or it stays open although it is not of the hours. */
        private void keep(Slot slot) {
            boolean isClosedByHand =
                    slot.status() == SlotStatus.CLOSED && !slot.ties().closedByHours();
            boolean staysOpen = slot.status() == SlotStatus.OPEN && !mayClose;
            if (slot.booked() > 0 || isClosedByHand || staysOpen) {
                kept.keep(slot);
            }
        }

        private boolean isToBeClosed(Slot slot) {
            return mayClose
                    && slot.ties().generated()
                    && slot.status() == SlotStatus.OPEN
                    && slot.startAt().isAfter(now)
                    && !isWanted(slot);
        }

        private void openAgain(Slot slot) {
            if (kept.isFree(slot.time()) && starts.add(slot.startAt())) {
                changing.add(slot.openedByHours().withCapacityOf(resource));
            } else {
                keep(slot);
            }
        }

        private void open(SlotTime time) {
            if (kept.isFree(time) && starts.add(time.startAt())) {
                missing.add(time);
            }
        }
    }

    /** When no slot is to be opened. */
    private static final class KeptTimes {
        private final Duration buffer;
        private final NavigableMap<Instant, List<Slot>> byStart = new TreeMap<>();
        private Duration longest = Duration.ZERO;

        KeptTimes(Duration buffer) {
            this.buffer = buffer;
        }

        void keep(Slot slot) {
            byStart.computeIfAbsent(slot.startAt(), start -> new ArrayList<>()).add(slot);
            var length = Duration.between(slot.startAt(), slot.endAt());
            longest = length.compareTo(longest) > 0 ? length : longest;
        }

        boolean isFree(SlotTime time) {
            return byStart
                    .subMap(
                            time.startAt().minus(buffer).minus(longest),
                            true,
                            time.endAt().plus(buffer),
                            false)
                    .values()
                    .stream()
                    .flatMap(List::stream)
                    .noneMatch(slot -> time.startAt().isBefore(slot.endAt().plus(buffer)));
        }
    }
}

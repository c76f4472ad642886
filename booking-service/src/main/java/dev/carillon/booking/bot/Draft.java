package dev.carillon.booking.bot;

import java.time.LocalDate;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What has been chosen so far.
 *
 * @param booking the one that is to be moved or cancelled; null when there is to be a new one
 */
public record Draft(
        @Nullable UUID resource,
        @Nullable LocalDate day,
        @Nullable UUID slot,
        @Nullable String name,
        @Nullable UUID booking) {
    public static final Draft EMPTY = new Draft(null, null, null, null, null);

    static Draft of(UUID booking) {
        return new Draft(null, null, null, null, booking);
    }

    static Draft ofMove(UUID booking, UUID resource) {
        return new Draft(resource, null, null, null, booking);
    }

    public boolean isMove() {
        return booking != null;
    }

    Draft withResource(UUID chosen) {
        return new Draft(chosen, null, null, name, booking);
    }

    Draft withDay(LocalDate chosen) {
        return new Draft(resource, chosen, null, name, booking);
    }

    Draft withSlot(UUID chosen) {
        return new Draft(resource, day, chosen, name, booking);
    }

    Draft withName(String chosen) {
        return new Draft(resource, day, slot, chosen, booking);
    }

    Draft withoutDay() {
        return new Draft(resource, null, null, name, booking);
    }

    /** @throws NullPointerException before a service was chosen */
    public UUID chosenResource() {
        return Objects.requireNonNull(resource);
    }

    /** @throws NullPointerException before a day was chosen */
    public LocalDate chosenDay() {
        return Objects.requireNonNull(day);
    }

    /** @throws NullPointerException before a time was chosen */
    public UUID chosenSlot() {
        return Objects.requireNonNull(slot);
    }

    /** Whatever writes a conversation into a log writes nobody's name. */
    @Override
    public String toString() {
        return "Draft[resource=" + resource + ", day=" + day + ", slot=" + slot + ", booking=" + booking + "]";
    }
}

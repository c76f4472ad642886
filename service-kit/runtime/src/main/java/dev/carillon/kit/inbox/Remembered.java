package dev.carillon.kit.inbox;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The days that the inbox has room for. An id's day is that of the milliseconds in it (RFC 9562, section 5.7), whenever it arrives.
 *
 * @param from the first UUID of the oldest day; null when no day is too old yet
 * @param to the first UUID of the day after the newest
 */
record Remembered(@Nullable UUID from, UUID to) {

    boolean isTooOld(UUID id) {
        return from != null && isBefore(id, from);
    }

    boolean isBeyond(UUID id) {
        return !isBefore(id, to);
    }

    /** The least UUID of the day: as PostgreSQL orders them, by their bytes. */
    static UUID firstOf(LocalDate day) {
        return new UUID(day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli() << 16, 0);
    }

    static LocalDate dayOf(UUID id) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16), ZoneOffset.UTC);
    }

    /** {@link UUID#compareTo} has signs; and the lower half of a day's first UUID is zero. */
    private static boolean isBefore(UUID id, UUID firstOfDay) {
        return Long.compareUnsigned(id.getMostSignificantBits(), firstOfDay.getMostSignificantBits()) < 0;
    }
}

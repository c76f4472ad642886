package dev.carillon.booking.reservation;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/**
 * Who has booked.
 *
 * @param id the tenant's own name for them
 * @param name empty once they are erased
 * @param zone where they read the time; null for the resource's
 * @param language BCP 47
 */
public record Customer(
        @Nullable String id,
        String name,
        @Nullable String email,
        @Nullable String telegramChatId,
        @Nullable ZoneId zone,
        @Nullable String language) {

    /** The id alone: whatever writes a booking into a log writes nobody's name or address. */
    @Override
    public String toString() {
        return "Customer[id=" + id + "]";
    }
}

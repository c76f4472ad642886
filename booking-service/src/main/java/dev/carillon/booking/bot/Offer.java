package dev.carillon.booking.bot;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;

/** What can be chosen, as the rows have it. */
public final class Offer {
    private Offer() {}

    /**
     * Some of what there is.
     *
     * @param next where more begins; negative for no more
     */
    public record Page<T>(List<T> items, long next) {
        public boolean hasMore() {
            return next >= 0;
        }
    }

    /** @param leadTime how long before its start a slot is booked at the latest */
    public record Service(UUID id, String name, ZoneId zone, Duration leadTime) {}

    /** @param times how many slots of it have a place */
    public record Day(LocalDate day, int times) {}

    /** A slot that has a place. */
    public record Time(UUID slot, Instant startAt, Instant endAt, LocalDateTime localStart) {}

    /**
     * A booking that is ahead.
     *
     * @param held whether it still has to be confirmed
     */
    public record Standing(
            UUID booking, UUID resource, String service, ZoneId zone, LocalDateTime localStart, boolean held) {}
}

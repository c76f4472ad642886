package dev.carillon.booking.availability;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a resource asks of its bookings.
 *
 * @param leadTime how long before its start a slot is booked at the latest; zero for up to the start
 * @param cancelNotice how long before the start customers cancel or move a booking at the latest; zero for at any time
 * @param maxPerCustomer how many bookings a customer has ahead here at most; null for any number
 */
public record BookingRules(
        Duration leadTime, Duration cancelNotice, @Nullable Integer maxPerCustomer) {
    public static final BookingRules NONE = new BookingRules(Duration.ZERO, Duration.ZERO, null);

    /** Whether at {@code now} it is too late for a customer to change what begins at {@code start}. */
    public boolean isNoticeMissed(Instant start, Instant now) {
        return !cancelNotice.isZero() && now.isAfter(noticeEnds(start));
    }

    /** The last instant at which a customer changes what begins at {@code start}. */
    public Instant noticeEnds(Instant start) {
        return start.minus(cancelNotice);
    }
}

package dev.carillon.booking.reservation;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How a message stands that was sent because of a booking.
 *
 * @param purpose confirmation, reminder, moved or cancelled
 * @param sequence how often the booking had been moved when the message was made; null when the message does not say
 * @param version the message's; the highest one counts
 */
public record MessageNews(
        UUID messageId,
        UUID bookingId,
        String purpose,
        @Nullable Integer sequence,
        String status,
        long version,
        Instant at,
        @Nullable String error) {}

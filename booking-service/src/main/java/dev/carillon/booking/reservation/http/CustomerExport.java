package dev.carillon.booking.reservation.http;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What booking keeps of a customer: their bookings with states and times, and what they waited for, newest first.
 *
 * @param waitlist the newest 500 entries of waitlists, on the first page
 * @param nextCursor where the next page begins; null after the last
 */
@RegisterForReflection
public record CustomerExport(
        String customerId,
        Instant exportedAt,
        List<BookingView> items,
        List<WaitlistEntryView> waitlist,
        @Nullable String nextCursor) {}

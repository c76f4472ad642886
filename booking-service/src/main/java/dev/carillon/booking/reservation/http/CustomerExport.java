package dev.carillon.booking.reservation.http;

import dev.carillon.booking.reservation.usecase.ChatsOfCustomers.KeptChat;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What booking keeps of a customer: their bookings with states and times, and what they waited for, newest first; and where conversations with the
 * Telegram bot are. A page has the newest of bookings and entries together that no earlier page has.
 *
 * @param customerId what they were asked for by: an id, or an address or chat
 * @param items bookings
 * @param waitlist entries of waitlists
 * @param conversations those that have not been forgotten yet, on the first page
 * @param nextCursor where the next page begins; null after the last
 */
@RegisterForReflection
public record CustomerExport(
        String customerId,
        Instant exportedAt,
        List<BookingView> items,
        List<WaitlistEntryView> waitlist,
        List<KeptChat> conversations,
        @Nullable String nextCursor) {}

package dev.carillon.booking.reservation.store;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which bookings of a tenant are listed, newest first.
 *
 * @param reminderFailed only those that stand and of whose reminders for the time they are booked for now one failed or expired
 * @param before only those made before the booking of this id
 */
public record BookingFilter(
        String tenant,
        @Nullable String status,
        @Nullable UUID resourceId,
        @Nullable UUID slotId,
        @Nullable String customerId,
        boolean reminderFailed,
        @Nullable UUID before,
        int limit) {}

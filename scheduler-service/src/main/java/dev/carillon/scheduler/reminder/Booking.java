package dev.carillon.scheduler.reminder;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A booking as it is told, in full, at {@code version}.
 *
 * @param version counts every change, from 1
 * @param everBooked whether it was more than a hold at some time
 * @param sequence counts its moves
 * @param slotClosed whether its slot takes no bookings any more, though this one stands
 * @param words what its notices say
 * @param offeredUntil until when its places are offered, while they are
 * @param calendar an RFC 5545 document that says the same
 */
public record Booking(
        UUID id,
        String tenant,
        long version,
        BookingStatus status,
        boolean everBooked,
        int places,
        int sequence,
        String resourceName,
        ZoneId resourceZone,
        Instant startAt,
        boolean slotClosed,
        Customer customer,
        List<ReminderTime> reminders,
        NoticeWords words,
        @Nullable Instant offeredUntil,
        @Nullable String calendar) {

    /** The zone that the customer reads times in. */
    ZoneId customerZone() {
        var own = customer.zone();
        return own == null ? resourceZone : own;
    }
}

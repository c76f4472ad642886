package dev.carillon.scheduler.reminder;

import java.time.Instant;
import java.time.ZoneId;
import java.util.UUID;
import java.util.stream.Stream;

/** One booking for tests, in the states that it is told in. */
final class Bookings {
    static final UUID ID = new UUID(1, 1);
    static final ZoneId KOLKATA = ZoneId.of("Asia/Kolkata");
    static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    static final Instant OFFERED_UNTIL = Instant.parse("2026-11-20T12:15:00Z");
    static final Customer ANA = new Customer("Ana", "ana@example.org", "42", null);

    private Bookings() {}

    /** As long as nothing of a booking was applied. */
    static KnownBooking nothingKnownOf(Booking told) {
        return new KnownBooking(told.id(), 0, BookingStatus.PENDING, 0, told.startAt(), false);
    }

    /** Until {@link #OFFERED_UNTIL}. */
    static Booking proposed(long version, Instant start) {
        return of(version, BookingStatus.PROPOSED, false, 0, start);
    }

    static Booking pending(long version, Instant start) {
        return of(version, BookingStatus.PENDING, false, 0, start);
    }

    static Booking booked(long version, Instant start, String... reminders) {
        return moved(version, 0, start, reminders);
    }

    static Booking moved(long version, int sequence, Instant start, String... reminders) {
        return of(version, BookingStatus.BOOKED, true, sequence, start, reminders);
    }

    static Booking cancelled(long version, Instant start) {
        return of(version, BookingStatus.CANCELLED, true, 0, start);
    }

    static Booking holdExpired(long version, Instant start) {
        return of(version, BookingStatus.CANCELLED, false, 0, start);
    }

    static Booking with(Booking booking, int places, Customer customer) {
        return copy(booking, places, booking.resourceZone(), booking.slotClosed(), customer, booking.words());
    }

    static Booking in(ZoneId zone, Booking booking) {
        return copy(booking, booking.places(), zone, booking.slotClosed(), booking.customer(), booking.words());
    }

    static Booking noShow(long version, Instant start) {
        return of(version, BookingStatus.NOSHOW, true, 0, start);
    }

    static Booking inClosedSlot(Booking booking) {
        return copy(booking, booking.places(), booking.resourceZone(), true, booking.customer(), booking.words());
    }

    static Booking saying(NoticeWords words, Booking booking) {
        return copy(booking, booking.places(), booking.resourceZone(), booking.slotClosed(), booking.customer(), words);
    }

    private static Booking copy(
            Booking booking, int places, ZoneId zone, boolean slotClosed, Customer customer, NoticeWords words) {
        return new Booking(
                booking.id(),
                booking.tenant(),
                booking.version(),
                booking.status(),
                booking.everBooked(),
                places,
                booking.sequence(),
                booking.resourceName(),
                zone,
                booking.startAt(),
                slotClosed,
                customer,
                booking.reminders(),
                words,
                booking.offeredUntil(),
                booking.calendar());
    }

    private static Booking of(
            long version, BookingStatus status, boolean everBooked, int sequence, Instant start, String... reminders) {
        return new Booking(
                ID,
                "acme",
                version,
                status,
                everBooked,
                1,
                sequence,
                "Dr. Rao",
                KOLKATA,
                start,
                false,
                ANA,
                Stream.of(reminders).map(ReminderTime::parse).toList(),
                NoticeWords.STANDARD,
                status == BookingStatus.PROPOSED ? OFFERED_UNTIL : null,
                "BEGIN:VCALENDAR");
    }
}

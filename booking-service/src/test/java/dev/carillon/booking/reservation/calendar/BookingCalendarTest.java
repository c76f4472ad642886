package dev.carillon.booking.reservation.calendar;

import static dev.carillon.booking.reservation.Bookings.ID;
import static dev.carillon.booking.reservation.Bookings.NOW;
import static dev.carillon.booking.reservation.Bookings.START;
import static dev.carillon.booking.reservation.Bookings.appointment;
import static dev.carillon.booking.reservation.Bookings.booked;
import static dev.carillon.booking.reservation.Bookings.held;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.booking.BookingSettings;
import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.Booking.Transition;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BookingCalendarTest {
    private final BookingCalendar calendar = new BookingCalendar(new BookingSettings() {
        @Override
        public String organizer() {
            return "desk@clinic.example";
        }

        @Override
        public int bookGroup() {
            return 1;
        }

        @Override
        public int bookGroups() {
            return 1;
        }

        @Override
        public int bookGroupsOfLane() {
            return 1;
        }

        @Override
        public int bookQueue() {
            return 1;
        }

        @Override
        public Duration offer() {
            return Duration.ZERO;
        }

        @Override
        public Duration waitlistSweep() {
            return Duration.ZERO;
        }

        @Override
        public Duration stopPatience() {
            return Duration.ZERO;
        }
    });

    @Test
    void a_booking_is_a_request_with_all_that_rfc_5546_asks_of_one() {
        assertThat(lines(booked()))
                .contains(
                        "BEGIN:VCALENDAR",
                        "VERSION:2.0",
                        "METHOD:REQUEST",
                        "UID:" + ID + "@carillon",
                        "DTSTAMP:20261122T100000Z",
                        "DTSTART:20261127T043000Z",
                        "DTEND:20261127T050000Z",
                        "SEQUENCE:0",
                        "STATUS:CONFIRMED",
                        "SUMMARY:Dr. Rao\\; room 5\\, \"left\"",
                        "ORGANIZER:mailto:desk@clinic.example")
                .anyMatch(line -> line.startsWith("ATTENDEE") && line.endsWith("mailto:ana@example.org"));
    }

    @Test
    void a_move_is_the_same_event_later_in_its_sequence_and_a_cancellation_comes_after_both() {
        var moved = changed(booked().moveTo(appointment(START.plusSeconds(3600)), NOW));
        assertThat(lines(moved))
                .contains("METHOD:REQUEST", "UID:" + ID + "@carillon", "SEQUENCE:1", "DTSTART:20261127T053000Z");
        assertThat(lines(changed(moved.cancel(NOW))))
                .contains("METHOD:CANCEL", "UID:" + ID + "@carillon", "SEQUENCE:2", "STATUS:CANCELLED");
    }

    @Test
    void what_was_never_booked_is_in_no_calendar() {
        assertThat(calendar.write(held(), NOW)).isEmpty();
        assertThat(calendar.write(changed(held().cancel(NOW)), NOW)).isEmpty();
    }

    /** Unfolded (RFC 5545, 3.1). */
    private String[] lines(Booking booking) {
        return calendar.write(booking, NOW).orElseThrow().replace("\r\n ", "").split("\r\n", -1);
    }

    private static Booking changed(Transition transition) {
        return ((Transition.Changed) transition).booking();
    }
}

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
import dev.carillon.booking.reservation.Customer;
import dev.carillon.booking.support.ReadCalendar;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the files are read by another library as they were meant. */
class CalendarFilesTest {
    private static final String RESOURCE = "Dr. Rao; room 5, \"left\"";

    private final BookingCalendar calendar = new BookingCalendar(settings());
    private final ResourceCalendar ofResource = new ResourceCalendar(settings());

    @Test
    void a_booking_its_move_and_its_cancellation_are_one_event_in_order() {
        var booked = read(booked());
        assertThat(booked.value("METHOD")).isEqualTo("REQUEST");
        assertThat(booked.event().value("UID")).isEqualTo(ID + "@carillon");
        assertThat(booked.event().startAt()).isEqualTo(START);
        assertThat(booked.event().endAt()).isEqualTo(START.plusSeconds(1800));
        assertThat(booked.event().value("SUMMARY")).isEqualTo(RESOURCE);

        var moved = changed(booked().moveTo(appointment(START.plusSeconds(3600)), NOW));
        assertThat(read(moved).event().value("SEQUENCE")).isEqualTo("1");
        assertThat(read(moved).event().value("UID")).isEqualTo(ID + "@carillon");
        var cancelled = read(changed(moved.cancel(NOW)));
        assertThat(cancelled.value("METHOD")).isEqualTo("CANCEL");
        assertThat(cancelled.event().value("SEQUENCE")).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Ana\r\nATTENDEE:mailto:eve@example.org",
                "Ana\nSUMMARY:free",
                "Ana\rDTSTART:20000101T000000Z",
                "Robert \"Bob\" O'Neil; Smith, Jr: ^x \\n y",
                "देवनागरी देवनागरी देवनागरी देवनागरी देवनागरी देवनागरी"
            })
    void no_name_makes_a_line_of_its_own_or_one_that_is_too_long(String name) {
        var event = read(by(name)).event();
        assertThat(event.count("ATTENDEE")).isEqualTo(1);
        assertThat(event.value("ATTENDEE")).isEqualTo("mailto:ana@example.org");
        assertThat(event.value("SUMMARY")).isEqualTo(RESOURCE);
        assertThat(event.startAt()).isEqualTo(START);
    }

    @Test
    void a_resources_calendar_has_the_events_of_its_bookings_and_nothing_of_who_booked() {
        var text = ofResource.write(RESOURCE, List.of(booked(), held()), NOW);
        assertThat(text).doesNotContain("Ana", "ana@example.org", "c-1", "ATTENDEE");
        var read = ReadCalendar.of(text);
        assertThat(read.value("METHOD")).isEqualTo("PUBLISH");
        assertThat(read.value("X-WR-CALNAME")).isEqualTo(RESOURCE);
        assertThat(read.value("NAME")).isEqualTo(RESOURCE);

        var booked = read.events().getFirst();
        assertThat(booked.value("UID")).isEqualTo(read(booked()).event().value("UID"));
        assertThat(booked.startAt()).isEqualTo(START);
        assertThat(booked.value("SUMMARY")).isEqualTo(RESOURCE + ": 2 places");
        assertThat(booked.value("DESCRIPTION")).contains(ID.toString());
        assertThat(booked.value("STATUS")).isEqualTo("CONFIRMED");
        assertThat(booked.has("ORGANIZER")).isTrue();
        assertThat(read.events().getLast().value("STATUS")).isEqualTo("TENTATIVE");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A, B; C: D \\ E \\n F", "A\r\nBEGIN:VEVENT", "A\nEND:VCALENDAR"})
    void a_resources_name_makes_no_line_of_its_own(String name) {
        var read = ReadCalendar.of(ofResource.write(name, List.of(booked()), NOW));
        assertThat(read.events()).hasSize(1);
        assertThat(read.value("NAME").replaceAll("\\R", "\n")).isEqualTo(name.replaceAll("\\R", "\n"));
    }

    @Test
    void a_resource_without_bookings_has_a_calendar_without_events() {
        var text = ofResource.write("Dr. Rao", List.of(), NOW);
        assertThat(text)
                .startsWith("BEGIN:VCALENDAR\r\n")
                .contains("METHOD:PUBLISH\r\n")
                .doesNotContain("VEVENT");
    }

    private ReadCalendar read(Booking booking) {
        return ReadCalendar.of(calendar.write(booking, NOW).orElseThrow());
    }

    private static Booking by(String name) {
        var customer = new Customer("c-1", name, "ana@example.org", null, null, null);
        return Booking.booked(ID, "acme", appointment(START), 2, customer, NOW);
    }

    private static Booking changed(Transition transition) {
        return ((Transition.Changed) transition).booking();
    }

    private static BookingSettings settings() {
        return new SmallRyeConfigBuilder()
                .withMapping(BookingSettings.class)
                .build()
                .getConfigMapping(BookingSettings.class);
    }
}

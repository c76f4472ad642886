package dev.carillon.booking.reservation.calendar;

import biweekly.ICalendar;
import biweekly.component.VEvent;
import biweekly.parameter.ParticipationStatus;
import biweekly.property.Attendee;
import biweekly.property.Method;
import biweekly.property.Organizer;
import biweekly.property.Status;
import biweekly.property.Uid;
import dev.carillon.booking.BookingSettings;
import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.BookingStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;

/**
 * Writes a booking as an iTIP message: METHOD REQUEST while it is booked, CANCEL once it is cancelled; always the same UID, and the SEQUENCE of its
 * last move. Times are in UTC, which every calendar shows in its reader's zone.
 */
@ApplicationScoped
public class BookingCalendar {
    static final String PRODUCT = "-//Carillon//Booking//EN";

    private final BookingSettings settings;

    public BookingCalendar(BookingSettings settings) {
        this.settings = settings;
    }

    /** Empty for one that was never booked: there is nothing to put into a calendar, or to take out. */
    public Optional<String> write(Booking booking, Instant now) {
        if (booking.bookedAt() == null) {
            return Optional.empty();
        }
        boolean cancelled = booking.status() == BookingStatus.CANCELLED;
        var calendar = new ICalendar();
        calendar.setProductId(PRODUCT);
        calendar.setMethod(cancelled ? Method.cancel() : Method.request());
        calendar.addEvent(event(booking, cancelled, now));
        return Optional.of(CalendarText.of(calendar));
    }

    private VEvent event(Booking booking, boolean cancelled, Instant now) {
        var event = new VEvent();
        event.setUid(uid(booking));
        event.setDateTimeStamp(Date.from(now));
        event.setDateStart(Date.from(booking.appointment().startAt()));
        event.setDateEnd(Date.from(booking.appointment().endAt()));
        // Higher than that of what it cancels, so that no calendar takes it for older news.
        event.setSequence(cancelled ? booking.sequence() + 1 : booking.sequence());
        event.setSummary(booking.appointment().resourceName());
        event.setStatus(cancelled ? Status.cancelled() : Status.confirmed());
        event.setOrganizer(new Organizer(null, settings.organizer()));
        var email = booking.customer().email();
        if (email != null) {
            event.addAttendee(attendee(booking.customer().name(), email));
        }
        return event;
    }

    /** By which calendars know that it is the same event. */
    static Uid uid(Booking booking) {
        return new Uid(booking.id() + "@carillon");
    }

    private static Attendee attendee(String name, String email) {
        var attendee = new Attendee(name, email);
        attendee.setParticipationStatus(ParticipationStatus.ACCEPTED);
        attendee.setRsvp(false);
        return attendee;
    }
}

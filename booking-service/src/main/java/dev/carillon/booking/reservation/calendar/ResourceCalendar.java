package dev.carillon.booking.reservation.calendar;

import biweekly.ICalendar;
import biweekly.component.VEvent;
import biweekly.property.Method;
import biweekly.property.Organizer;
import biweekly.property.RawProperty;
import biweekly.property.Status;
import com.github.mangstadt.vinnie.io.VObjectPropertyValues;
import dev.carillon.booking.BookingSettings;
import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.BookingStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/**
 * Writes the bookings of a resource as a calendar that is published (RFC 5546, METHOD PUBLISH), for its staff: when, how many places, and whether they
 * are only held or offered (TENTATIVE). It goes to calendars that others run, so nothing in it tells who has booked; the booking's id leads who may see that to it.
 * Each event has the UID that it has in its customer's calendar. Times are in UTC.
 */
@ApplicationScoped
public class ResourceCalendar {
    private final BookingSettings settings;

    public ResourceCalendar(BookingSettings settings) {
        this.settings = settings;
    }

    /** @param bookings those that stand, in the order in which they are written */
    public String write(String resourceName, List<Booking> bookings, Instant now) {
        var calendar = new ICalendar();
        calendar.setProductId(BookingCalendar.PRODUCT);
        calendar.setMethod(Method.publish());
        calendar.setName(resourceName);
        // The name that calendars knew before RFC 7986.
        calendar.addProperty(new RawProperty("X-WR-CALNAME", VObjectPropertyValues.escape(resourceName)));
        bookings.forEach(booking -> calendar.addEvent(event(booking, now)));
        return CalendarText.of(calendar);
    }

    private VEvent event(Booking booking, Instant now) {
        var event = new VEvent();
        event.setUid(BookingCalendar.uid(booking));
        event.setDateTimeStamp(Date.from(now));
        event.setDateStart(Date.from(booking.appointment().startAt()));
        event.setDateEnd(Date.from(booking.appointment().endAt()));
        event.setSequence(booking.sequence());
        event.setSummary(summary(booking));
        event.setDescription("Booking " + booking.id());
        event.setStatus(isTentative(booking) ? Status.tentative() : Status.confirmed());
        event.setOrganizer(new Organizer(null, settings.organizer()));
        return event;
    }

    private static boolean isTentative(Booking booking) {
        return booking.status() == BookingStatus.PENDING || booking.status() == BookingStatus.PROPOSED;
    }

    private static String summary(Booking booking) {
        int places = booking.places();
        return "%s: %d %s".formatted(booking.appointment().resourceName(), places, places == 1 ? "place" : "places");
    }
}

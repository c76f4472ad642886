package dev.carillon.booking.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.Temporal;
import java.util.List;
import java.util.stream.Stream;
import net.fortuna.ical4j.data.CalendarBuilder;
import net.fortuna.ical4j.data.ParserException;
import net.fortuna.ical4j.model.Calendar;
import net.fortuna.ical4j.model.Component;
import net.fortuna.ical4j.model.component.CalendarComponent;
import net.fortuna.ical4j.model.property.DtEnd;
import net.fortuna.ical4j.model.property.DtStart;

/** A calendar file (RFC 5545), as a parser that others wrote reads it. */
public record ReadCalendar(Calendar calendar) {

    /** @throws AssertionError when it is none, or is not valid, or has a line that is longer than lines may be */
    public static ReadCalendar of(String text) {
        assertThat(Stream.of(text.split("\r\n", -1)))
                .as("lines of up to 75 octets (RFC 5545, 3.1)")
                .allMatch(line -> line.getBytes(UTF_8).length <= 75)
                .noneMatch(line -> line.contains("\n") || line.contains("\r"));
        try {
            var calendar = new CalendarBuilder().build(new StringReader(text));
            assertThat(calendar.validate().hasErrors()).as(text).isFalse();
            return new ReadCalendar(calendar);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ParserException e) {
            throw new AssertionError("not a calendar:\n" + text, e);
        }
    }

    /** A property of the calendar itself, without its escapes. */
    public String value(String property) {
        return calendar.getRequiredProperty(property).getValue();
    }

    public List<Event> events() {
        return calendar.<CalendarComponent>getComponents(Component.VEVENT).stream()
                .map(Event::new)
                .toList();
    }

    /** The only one. */
    public Event event() {
        assertThat(events()).hasSize(1);
        return events().getFirst();
    }

    /** One event. */
    public record Event(CalendarComponent component) {
        /** A property, without its escapes. */
        public String value(String property) {
            return component.getRequiredProperty(property).getValue();
        }

        public boolean has(String property) {
            return component.getProperty(property).isPresent();
        }

        /** How often it has a property. */
        public int count(String property) {
            return component.getProperties(property).size();
        }

        public Instant startAt() {
            Temporal start =
                    component.<DtStart<?>>getRequiredProperty("DTSTART").getDate();
            return Instant.from(start);
        }

        public Instant endAt() {
            Temporal end = component.<DtEnd<?>>getRequiredProperty("DTEND").getDate();
            return Instant.from(end);
        }
    }
}

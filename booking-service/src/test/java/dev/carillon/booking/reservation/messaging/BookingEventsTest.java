package dev.carillon.booking.reservation.messaging;

import static dev.carillon.booking.reservation.Bookings.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.booking.BookingSettings;
import dev.carillon.booking.reservation.Booking;
import dev.carillon.booking.reservation.Booking.Transition;
import dev.carillon.booking.reservation.BookingStatus;
import dev.carillon.booking.reservation.Bookings;
import dev.carillon.booking.reservation.calendar.BookingCalendar;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.json.StrictJson;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.testing.contract.EventContract;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BookingEventsTest {
    private final BookingEvents events = new BookingEvents(new EventIds(), json(), new BookingCalendar(settings()));

    @Test
    void every_type_that_is_told_is_documented_and_keeps_its_contract_and_every_documented_one_is_told() {
        List<Booking> bookings = Stream.concat(
                        Stream.of(BookingStatus.values()).map(Bookings::in),
                        Stream.of(changed(Bookings.held().expire(NOW.plusSeconds(301)))))
                .toList();
        List<OutgoingEvent> told = Stream.concat(
                        bookings.stream().map(booking -> events.told(booking, TraceContext.NONE, NOW)),
                        Stream.of(
                                events.rescheduled(Bookings.booked(), TraceContext.NONE, NOW),
                                events.slotChanged(changed(Bookings.booked().tellOfSlot(true)), TraceContext.NONE, NOW),
                                events.corrected(Bookings.booked(), TraceContext.NONE, NOW)))
                .toList();

        told.forEach(event -> EventContract.of(event.type()).check(new String(event.payload(), UTF_8)));
        assertThat(told)
                .extracting(OutgoingEvent::type)
                .containsExactlyInAnyOrderElementsOf(EventContract.typesOf("carillon.booking."));
    }

    @Test
    void a_correction_keeps_its_contract_whatever_has_become_of_the_booking() {
        Stream.of(
                        Bookings.booked(),
                        changed(Bookings.booked().cancel(NOW)),
                        changed(Bookings.held().expire(NOW.plusSeconds(301))),
                        changed(Bookings.proposed().decline(NOW)))
                .map(booking -> events.corrected(booking, TraceContext.NONE, NOW))
                .forEach(event -> EventContract.of(event.type()).check(new String(event.payload(), UTF_8)));
    }

    @Test
    void the_end_of_an_offer_keeps_its_contract_whatever_it_was() {
        Stream.of(
                        changed(Bookings.proposed().decline(NOW)),
                        changed(Bookings.proposed().expire(NOW.plusSeconds(301))),
                        changed(Bookings.proposed().withdraw(NOW)))
                .map(booking -> events.told(booking, TraceContext.NONE, NOW))
                .forEach(event -> {
                    assertThat(event.type()).isEqualTo("carillon.booking.cancelled.v1");
                    EventContract.of(event.type()).check(new String(event.payload(), UTF_8));
                });
    }

    private static Booking changed(Transition transition) {
        return ((Transition.Changed) transition).booking();
    }

    private static JsonMapper json() {
        var json = JsonMapper.builder().findAndAddModules().build();
        new StrictJson().customize(json);
        return json;
    }

    private static BookingSettings settings() {
        return new SmallRyeConfigBuilder()
                .withMapping(BookingSettings.class)
                .build()
                .getConfigMapping(BookingSettings.class);
    }
}

package dev.carillon.booking.reservation.messaging;

import static dev.carillon.booking.reservation.Bookings.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.carillon.booking.reservation.Bookings;
import dev.carillon.booking.reservation.WaitlistEnd;
import dev.carillon.booking.reservation.WaitlistEntry;
import dev.carillon.booking.reservation.store.TracedEntry;
import dev.carillon.kit.event.EventIds;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.json.StrictJson;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.testing.contract.EventContract;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WaitlistEventsTest {
    private final WaitlistEvents events = new WaitlistEvents(new EventIds(), json());

    @Test
    void every_type_that_is_told_is_documented_and_keeps_its_contract_and_every_documented_one_is_told() {
        var joined = WaitlistEntry.joined(
                UUID.randomUUID(),
                "acme",
                UUID.randomUUID(),
                UUID.randomUUID(),
                2,
                Bookings.booked().customer(),
                NOW);
        var offered = joined.offered(UUID.randomUUID());
        var states = Stream.of(
                        joined,
                        offered,
                        offered.accepted(NOW),
                        offered.cancelled(WaitlistEnd.OFFER_EXPIRED, NOW),
                        offered.cancelled(WaitlistEnd.OFFER_DECLINED, NOW),
                        joined.cancelled(WaitlistEnd.LEFT, NOW),
                        joined.cancelled(WaitlistEnd.SLOT_BEGAN, NOW))
                .map(entry -> events.told(new TracedEntry(entry, TraceContext.NONE), NOW));
        var corrections = Stream.of(offered.accepted(NOW), joined.cancelled(WaitlistEnd.LEFT, NOW))
                .map(entry -> events.corrected(new TracedEntry(entry, TraceContext.NONE), NOW));
        var withdrawn = events.withdrawn(new TracedEntry(offered.withdrawn(), TraceContext.NONE), NOW);
        var told = Stream.concat(Stream.concat(states, corrections), Stream.of(withdrawn))
                .toList();

        told.forEach(event -> EventContract.of(event.type()).check(new String(event.payload(), UTF_8)));
        assertThat(told.stream().map(OutgoingEvent::type).distinct())
                .containsExactlyInAnyOrderElementsOf(EventContract.typesOf("carillon.waitlist."));
    }

    private static JsonMapper json() {
        var json = JsonMapper.builder().findAndAddModules().build();
        new StrictJson().customize(json);
        return json;
    }
}

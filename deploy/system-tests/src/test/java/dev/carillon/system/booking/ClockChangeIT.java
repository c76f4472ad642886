package dev.carillon.system.booking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.system.clients.Bookings;
import dev.carillon.system.stack.Carillon;
import dev.carillon.system.stack.RunningStack;
import dev.carillon.system.stack.TestStack;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A resource that is open from midnight to five in the night in which the clocks change, with slots of an hour. */
@ExtendWith(RunningStack.class)
class ClockChangeIT {

    private final Bookings bookings;

    ClockChangeIT(TestStack stack) {
        this.bookings = new Bookings(new Carillon(stack));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            America/New_York | true  | -2, 1 | 00:00 01:00 03:00 04:00
            America/New_York | false | -2, 3 | 00:00 01:00 01:00 02:00 03:00 04:00
            Europe/Berlin    | true  | -2, 1 | 00:00 01:00 03:00 04:00
            Europe/Berlin    | false | -3, 2 | 00:00 01:00 02:00 02:00 03:00 04:00
            """)
    void slots_are_right_and_unique_on_the_day_of_a_clock_change(
            String zone, boolean forward, String hoursAfterTheChange, String localStarts) {
        Instant change = next(ZoneId.of(zone), forward);
        UUID resource = openedAtNight(zone);

        List<JsonObject> slots =
                bookings.slots(resource, change.minus(Duration.ofHours(12)), change.plus(Duration.ofHours(12)));

        assertThat(slots)
                .extracting(slot -> slot.getInstant("startAt"))
                .containsExactlyElementsOf(starts(change, hoursAfterTheChange));
        assertThat(slots)
                .extracting(slot -> LocalDateTime.parse(slot.getString("localStart"))
                        .toLocalTime()
                        .toString())
                .containsExactly(localStarts.split(" ", -1));
        assertThat(slots)
                .allSatisfy(slot -> assertThat(Duration.between(slot.getInstant("startAt"), slot.getInstant("endAt")))
                        .isEqualTo(Duration.ofHours(1)));
        assertThat(slots).extracting(slot -> slot.getString("id")).doesNotHaveDuplicates();
    }

    private static List<Instant> starts(Instant change, String fromTo) {
        long[] hours =
                Arrays.stream(fromTo.split(", ", -1)).mapToLong(Long::parseLong).toArray();
        return LongStream.rangeClosed(hours[0], hours[1])
                .mapToObj(hour -> change.plus(Duration.ofHours(hour)))
                .toList();
    }

    private static Instant next(ZoneId zone, boolean forward) {
        return Stream.iterate(zone.getRules().nextTransition(Instant.now()), transition -> zone.getRules()
                        .nextTransition(transition.getInstant()))
                .filter(transition -> transition.isGap() == forward)
                .map(ZoneOffsetTransition::getInstant)
                .findFirst()
                .orElseThrow();
    }

    private UUID openedAtNight(String zone) {
        return bookings.openResource(new JsonObject()
                .put("name", "Night lab")
                .put("zone", zone)
                .put("slotLength", "PT1H")
                .put("horizon", "P370D")
                .put(
                        "weekly",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("day", "sunday")
                                        .put("from", "00:00")
                                        .put("to", "05:00"))));
    }
}

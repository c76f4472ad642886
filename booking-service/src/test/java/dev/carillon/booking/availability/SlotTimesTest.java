package dev.carillon.booking.availability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.booking.availability.SlotTimes.SlotTime;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotTimesTest {
    private static final LocalDate MONDAY = LocalDate.of(2026, 11, 23);

    @Test
    void slots_fill_the_hours_of_their_day_and_none_goes_over_them() {
        var slots = slots(resource("UTC", "PT40M", "PT0S", opening(DayOfWeek.MONDAY, "09:00", 11)), MONDAY, 7);
        assertThat(slots)
                .extracting(SlotTime::startAt)
                .containsExactly(
                        Instant.parse("2026-11-23T09:00:00Z"),
                        Instant.parse("2026-11-23T09:40:00Z"),
                        Instant.parse("2026-11-23T10:20:00Z"));
        assertThat(slots.getLast().endAt()).isEqualTo("2026-11-23T11:00:00Z");
    }

    @Test
    void a_buffer_keeps_slots_apart_and_is_not_needed_after_the_last() {
        var slots = slots(resource("UTC", "PT30M", "PT15M", opening(DayOfWeek.MONDAY, "09:00", 10, 15)), MONDAY, 1);
        assertThat(slots)
                .containsExactly(
                        new SlotTime(Instant.parse("2026-11-23T09:00:00Z"), Instant.parse("2026-11-23T09:30:00Z")),
                        new SlotTime(Instant.parse("2026-11-23T09:45:00Z"), Instant.parse("2026-11-23T10:15:00Z")));
    }

    @Test
    void hours_are_wall_clock_times_of_the_resources_zone() {
        var slots = slots(resource("Asia/Kolkata", "PT1H", "PT0S", opening(DayOfWeek.MONDAY, "09:00", 10)), MONDAY, 1);
        assertThat(slots).extracting(SlotTime::startAt).containsExactly(Instant.parse("2026-11-23T03:30:00Z"));
    }

    @Test
    void hours_to_midnight_end_with_the_day_and_the_next_days_go_on_from_there() {
        var resource = resource(
                "UTC", "PT1H", "PT0S", opening(DayOfWeek.MONDAY, "23:00", 24), opening(DayOfWeek.TUESDAY, "00:00", 1));
        assertThat(slots(resource, MONDAY, 2))
                .extracting(SlotTime::startAt)
                .containsExactly(Instant.parse("2026-11-23T23:00:00Z"), Instant.parse("2026-11-24T00:00:00Z"));
    }

    @Test
    void when_the_clock_springs_forward_the_missing_hour_has_no_slots_and_all_others_have_their_full_length() {
        // America/New_York, 8 March 2026: 02:00 becomes 03:00.
        var day = LocalDate.of(2026, 3, 8);
        var slots = slots(resource("America/New_York", "PT30M", "PT0S", opening(DayOfWeek.SUNDAY, "01:00", 4)), day, 1);
        assertThat(slots)
                .extracting(SlotTime::startAt)
                .containsExactly(
                        Instant.parse("2026-03-08T06:00:00Z"),
                        Instant.parse("2026-03-08T06:30:00Z"),
                        Instant.parse("2026-03-08T07:00:00Z"),
                        Instant.parse("2026-03-08T07:30:00Z"));
        assertThat(slots.getLast().endAt().atZone(ZoneId.of("America/New_York")).toLocalTime())
                .isEqualTo(LocalTime.of(4, 0));
    }

    @Test
    void hours_that_open_in_a_gap_open_when_it_is_over() {
        var day = LocalDate.of(2026, 3, 8);
        var slots = slots(resource("America/New_York", "PT30M", "PT0S", opening(DayOfWeek.SUNDAY, "02:00", 4)), day, 1);
        assertThat(slots)
                .extracting(SlotTime::startAt)
                .containsExactly(Instant.parse("2026-03-08T07:00:00Z"), Instant.parse("2026-03-08T07:30:00Z"));
    }

    @Test
    void when_the_clock_falls_back_the_repeated_hour_has_its_slots_twice_and_no_two_begin_at_one_instant() {
        // Europe/Berlin, 25 October 2026: 03:00 becomes 02:00.
        var day = LocalDate.of(2026, 10, 25);
        var slots = slots(resource("Europe/Berlin", "PT30M", "PT0S", opening(DayOfWeek.SUNDAY, "01:00", 4)), day, 1);
        assertThat(slots).hasSize(8);
        assertThat(slots).extracting(SlotTime::startAt).doesNotHaveDuplicates().isSorted();
        assertThat(slots)
                .allMatch(slot -> Duration.between(slot.startAt(), slot.endAt()).equals(Duration.ofMinutes(30)));
        assertThat(slots.getLast().endAt()).isEqualTo("2026-10-25T03:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-03-08", "2026-11-01"})
    void on_the_days_of_a_clock_change_the_afternoon_has_its_slots_at_the_times_of_the_clock(String day) {
        var slots = slots(
                resource("America/New_York", "PT1H", "PT0S", opening(DayOfWeek.SUNDAY, "13:00", 17)),
                LocalDate.parse(day),
                1);
        assertThat(slots)
                .extracting(slot ->
                        slot.startAt().atZone(ZoneId.of("America/New_York")).toLocalTime())
                .containsExactly(LocalTime.of(13, 0), LocalTime.of(14, 0), LocalTime.of(15, 0), LocalTime.of(16, 0));
    }

    @Test
    void no_two_slots_overlap_whether_their_hours_do_or_a_clock_change_makes_them() {
        var resource = resource(
                "UTC", "PT1H", "PT0S", opening(DayOfWeek.MONDAY, "09:30", 12), opening(DayOfWeek.MONDAY, "09:00", 12));
        assertThat(slots(resource, MONDAY, 1))
                .extracting(SlotTime::startAt)
                .containsExactly(
                        Instant.parse("2026-11-23T09:00:00Z"),
                        Instant.parse("2026-11-23T10:00:00Z"),
                        Instant.parse("2026-11-23T11:00:00Z"));

        // 02:15 is in the gap and becomes 03:15, in the hours that begin at 03:00.
        var shifted = resource(
                "America/New_York",
                "PT30M",
                "PT0S",
                opening(DayOfWeek.SUNDAY, "02:15", 2, 45),
                opening(DayOfWeek.SUNDAY, "03:00", 4));
        var slots = slots(shifted, LocalDate.of(2026, 3, 8), 1);
        assertThat(slots)
                .containsExactly(
                        new SlotTime(Instant.parse("2026-03-08T07:00:00Z"), Instant.parse("2026-03-08T07:30:00Z")),
                        new SlotTime(Instant.parse("2026-03-08T07:30:00Z"), Instant.parse("2026-03-08T08:00:00Z")));
    }

    @Test
    void no_more_are_made_than_it_takes_to_know_that_they_are_too_many() {
        var resource = resource("UTC", "PT1M", "PT0S", opening(DayOfWeek.MONDAY, "00:00", 24));
        assertThat(SlotTimes.of(resource, MONDAY, MONDAY.plusYears(1), 2_000)).hasSize(2 * 24 * 60);
    }

    @Test
    void hours_that_overlap_give_one_slot_at_an_instant() {
        var resource = resource(
                "UTC", "PT1H", "PT0S", opening(DayOfWeek.MONDAY, "09:00", 11), opening(DayOfWeek.MONDAY, "10:00", 12));
        assertThat(slots(resource, MONDAY, 1))
                .extracting(SlotTime::startAt)
                .containsExactly(
                        Instant.parse("2026-11-23T09:00:00Z"),
                        Instant.parse("2026-11-23T10:00:00Z"),
                        Instant.parse("2026-11-23T11:00:00Z"));
    }

    @Test
    void an_exception_replaces_the_hours_of_its_day() {
        var weekly = resource("UTC", "PT1H", "PT0S", opening(DayOfWeek.MONDAY, "09:00", 17));
        var closed = with(weekly, new DayException.Closed(MONDAY));
        assertThat(slots(closed, MONDAY, 7)).isEmpty();

        var short_ = with(weekly, new DayException.Open(MONDAY, LocalTime.of(12, 0), Duration.ofHours(13)));
        assertThat(slots(short_, MONDAY, 7))
                .extracting(SlotTime::startAt)
                .containsExactly(Instant.parse("2026-11-23T12:00:00Z"));
    }

    @Test
    void a_slot_longer_than_its_hours_is_none() {
        assertThat(slots(resource("UTC", "PT3H", "PT0S", opening(DayOfWeek.MONDAY, "09:00", 11)), MONDAY, 7))
                .isEmpty();
    }

    private static List<SlotTime> slots(Resource resource, LocalDate first, int days) {
        return SlotTimes.of(resource, first, first.plusDays(days), Integer.MAX_VALUE);
    }

    private static Opening opening(DayOfWeek day, String from, int toHour) {
        return opening(day, from, toHour, 0);
    }

    private static Opening opening(DayOfWeek day, String from, int toHour, int toMinute) {
        return new Opening(day, LocalTime.parse(from), Duration.ofHours(toHour).plusMinutes(toMinute));
    }

    private static Resource resource(String zone, String length, String buffer, Opening... weekly) {
        return new Resource(
                UUID.randomUUID(),
                "acme",
                "Dr. Rao",
                ZoneId.of(zone),
                Duration.parse(length),
                Duration.parse(buffer),
                1,
                Period.ofDays(60),
                Arrays.asList(weekly),
                List.of(),
                List.of(),
                BookingRules.NONE,
                Messages.STANDARD,
                1,
                Instant.EPOCH);
    }

    private static Resource with(Resource r, DayException... exceptions) {
        return new Resource(
                r.id(),
                r.tenant(),
                r.name(),
                r.zone(),
                r.slotLength(),
                r.buffer(),
                r.capacity(),
                r.horizon(),
                r.weekly(),
                List.of(exceptions),
                r.reminders(),
                r.rules(),
                r.messages(),
                r.revision(),
                r.createdAt());
    }
}

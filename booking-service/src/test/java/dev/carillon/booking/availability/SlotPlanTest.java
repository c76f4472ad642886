package dev.carillon.booking.availability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.booking.availability.Slot.Ties;
import dev.carillon.booking.availability.SlotTimes.SlotTime;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotPlanTest {
    /** A Sunday; the slots are on the Monday that follows. */
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private static final SlotPlan NOTHING = new SlotPlan(List.of(), List.of(), List.of());

    private final Resource morning = resource("PT1H", "PT0S", 2, "09:00", 12);

    @Test
    void slots_that_are_those_of_the_hours_are_left_as_they_are() {
        assertThat(SlotPlan.of(morning, times(morning), slots(morning), NOW)).isEqualTo(NOTHING);
    }

    @Test
    void what_the_hours_have_no_longer_is_closed_with_its_bookings_and_what_they_have_now_is_missing() {
        var slots = slots(morning);
        slots.set(0, booked(slots.get(0), 2));
        var later = resource("PT1H", "PT0S", 2, "10:00", 13);
        var plan = SlotPlan.of(later, times(later), slots, NOW);
        assertThat(plan.closing()).singleElement().satisfies(closed -> {
            assertThat(closed.id()).isEqualTo(slots.get(0).id());
            assertThat(closed.booked()).isEqualTo(2);
            assertThat(closed.status()).isEqualTo(SlotStatus.CLOSED);
            assertThat(closed.revision()).isEqualTo(2);
        });
        assertThat(plan.missing()).extracting(SlotTime::startAt).containsExactly(at("12:00"));
        assertThat(plan.changing()).isEmpty();
    }

    @Test
    void what_the_hours_closed_is_open_again_when_they_have_it_again_and_the_same_slot() {
        var slots = slots(morning);
        var none = resource("PT1H", "PT0S", 2, "09:00", 9);
        var closed = SlotPlan.of(none, List.of(), slots, NOW).closing();
        assertThat(closed).hasSize(3);
        var again = SlotPlan.of(morning, times(morning), closed, NOW);
        assertThat(again.missing()).isEmpty();
        assertThat(again.changing())
                .extracting(Slot::id)
                .containsExactlyInAnyOrderElementsOf(
                        slots.stream().map(Slot::id).toList());
        assertThat(again.changing())
                .allMatch(
                        slot -> slot.status() == SlotStatus.OPEN && !slot.ties().closedByHours());
    }

    @Test
    void what_its_owner_closed_or_opened_by_hand_is_left_alone() {
        var slots = slots(morning);
        slots.set(0, slots.get(0).changedTo(null, SlotStatus.CLOSED));
        var extra = slot(morning, new SlotTime(at("20:00"), at("21:00")), Ties.EXTRA);
        slots.add(extra);
        assertThat(SlotPlan.of(morning, times(morning), slots, NOW)).isEqualTo(NOTHING);
        var none = resource("PT1H", "PT0S", 2, "09:00", 9);
        assertThat(SlotPlan.of(none, List.of(), slots, NOW).closing())
                .hasSize(2)
                .noneMatch(slot -> slot.id().equals(extra.id()));
    }

    @Test
    void the_capacity_is_the_resources_but_of_slots_that_have_their_own_and_never_takes_a_booking() {
        var slots = slots(morning);
        slots.set(0, booked(slots.get(0), 2));
        slots.set(1, slots.get(1).changedTo(7, null));
        var smaller = resource("PT1H", "PT0S", 1, "09:00", 12);
        var plan = SlotPlan.of(smaller, times(smaller), slots, NOW);
        assertThat(plan.changing()).extracting(Slot::capacity).containsExactly(1, 1);
        assertThat(plan.changing().getFirst().booked()).isEqualTo(2);
        assertThat(plan.changing().getFirst().available()).isZero();
    }

    @Test
    void nothing_is_opened_over_the_time_of_a_slot_that_is_closed_and_still_booked_nor_within_the_buffer_of_it() {
        var slots = slots(morning);
        slots.set(1, booked(slots.get(1), 1));
        var halves = resource("PT30M", "PT0S", 2, "09:00", 12);
        assertThat(SlotPlan.of(halves, times(halves), slots, NOW).missing())
                .extracting(SlotTime::startAt)
                .containsExactly(at("09:00"), at("09:30"), at("11:00"), at("11:30"));
        var buffered = resource("PT30M", "PT15M", 2, "09:00", 12);
        assertThat(SlotPlan.of(buffered, times(buffered), slots, NOW).missing())
                .extracting(SlotTime::startAt)
                .containsExactly(at("09:00"), at("11:15"));
    }

    @Test
    void a_slot_that_runs_stays_and_nothing_is_opened_while_somebody_is_in_it() {
        var running = slots(morning).stream().map(slot -> booked(slot, 1)).toList();
        var halves = resource("PT30M", "PT0S", 2, "09:00", 12);
        var plan = SlotPlan.of(halves, times(halves), running.subList(0, 1), at("09:20"));
        assertThat(plan.closing()).isEmpty();
        assertThat(plan.missing()).extracting(SlotTime::startAt).first().isEqualTo(at("10:00"));
    }

    @Test
    void a_horizon_that_moves_on_closes_nothing_and_opens_no_slot_over_one_that_is_there() {
        var halves = resource("PT30M", "PT0S", 2, "09:00", 13);
        var plan = SlotPlan.opening(halves, times(halves), slots(morning), NOW);
        assertThat(plan.closing()).isEmpty();
        assertThat(plan.missing()).extracting(SlotTime::startAt).containsExactly(at("12:00"), at("12:30"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatever_is_changed_how_often_no_booking_is_lost_and_no_two_open_slots_overlap(long seed) {
        var random = new Random(seed);
        var slots = new HashMap<UUID, Slot>();
        var booked = new HashMap<UUID, Integer>();
        for (int change = 0; change < 200; change++) {
            var resource = resource(
                    List.of("PT20M", "PT30M", "PT45M", "PT1H").get(random.nextInt(4)),
                    List.of("PT0S", "PT10M").get(random.nextInt(2)),
                    1 + random.nextInt(3),
                    List.of("08:00", "08:30", "09:00").get(random.nextInt(3)),
                    10 + random.nextInt(4));
            var plan = SlotPlan.of(resource, times(resource), slots.values(), NOW);
            plan.closing().forEach(slot -> slots.put(slot.id(), slot));
            plan.changing().forEach(slot -> slots.put(slot.id(), slot));
            plan.missing().stream()
                    .map(time -> slot(resource, time, Ties.GENERATED))
                    .forEach(slot -> slots.put(slot.id(), slot));
            assertThat(SlotPlan.of(resource, times(resource), slots.values(), NOW))
                    .as("done at once")
                    .isEqualTo(NOTHING);
            booked.forEach((id, places) ->
                    assertThat(Objects.requireNonNull(slots.get(id)).booked()).isEqualTo(places));
            assertThatTimesAreFree(slots);
            bookOrCancel(random, slots, booked);
        }
        assertThat(booked).isNotEmpty();
    }

    private static void bookOrCancel(Random random, Map<UUID, Slot> slots, Map<UUID, Integer> booked) {
        for (var slot : List.copyOf(slots.values())) {
            if (random.nextInt(4) == 0 && slot.take(1, NOW, Duration.ZERO) instanceof Slot.Taking.Taken(Slot taken)) {
                slots.put(slot.id(), taken);
                booked.put(slot.id(), taken.booked());
            } else if (slot.booked() > 0 && random.nextInt(4) == 0) {
                slots.put(slot.id(), slot.giveBack(1));
                booked.put(slot.id(), slot.booked() - 1);
            }
        }
    }

    /** No open slot begins while another open one, or a closed one that is booked, has not ended. */
    private static void assertThatTimesAreFree(Map<UUID, Slot> slots) {
        var open = slots.values().stream()
                .filter(slot -> slot.status() == SlotStatus.OPEN)
                .toList();
        for (var one : open) {
            assertThat(slots.values())
                    .filteredOn(other -> other != one && (other.status() == SlotStatus.OPEN || other.booked() > 0))
                    .noneMatch(other -> one.startAt().isBefore(other.endAt())
                            && other.startAt().isBefore(one.endAt()));
        }
    }

    private static List<SlotTime> times(Resource resource) {
        return SlotTimes.of(resource, resource.dayOf(NOW), resource.dayOf(NOW).plusDays(3), Integer.MAX_VALUE);
    }

    private static List<Slot> slots(Resource resource) {
        var slots = new ArrayList<Slot>();
        times(resource).forEach(time -> slots.add(slot(resource, time, Ties.GENERATED)));
        return slots;
    }

    private static Slot slot(Resource resource, SlotTime time, Ties ties) {
        return Slot.opened(UUID.randomUUID(), resource, time, resource.capacity(), ties);
    }

    private static Slot booked(Slot slot, int places) {
        return ((Slot.Taking.Taken) slot.take(places, NOW.minusSeconds(1), Duration.ZERO)).slot();
    }

    private static Instant at(String time) {
        return Instant.parse("2026-11-23T" + time + ":00Z");
    }

    private static Resource resource(String length, String buffer, int capacity, String from, int toHour) {
        return new Resource(
                new UUID(1, 1),
                "acme",
                "Dr. Rao",
                ZoneId.of("UTC"),
                Duration.parse(length),
                Duration.parse(buffer),
                capacity,
                Period.ofDays(2),
                List.of(new Opening(DayOfWeek.MONDAY, LocalTime.parse(from), Duration.ofHours(toHour))),
                List.of(),
                List.of(),
                BookingRules.NONE,
                Messages.STANDARD,
                1,
                NOW);
    }
}

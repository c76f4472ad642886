package dev.carillon.booking.availability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.booking.availability.Slot.Taking;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SlotTest {
    private static final Instant START = Instant.parse("2026-11-27T09:00:00Z");
    private static final Instant BEFORE = START.minusSeconds(1);

    @Test
    void places_are_taken_up_to_the_capacity_and_not_one_more() {
        assertThat(slot(3, 1).take(2, BEFORE, Duration.ZERO))
                .isInstanceOfSatisfying(
                        Taking.Taken.class,
                        taken -> assertThat(taken.slot().booked()).isEqualTo(3));
        assertThat(slot(3, 1).take(3, BEFORE, Duration.ZERO)).isEqualTo(new Taking.Full(2));
        assertThat(slot(3, 3).take(1, BEFORE, Duration.ZERO)).isEqualTo(new Taking.Full(0));
    }

    @Test
    void so_many_places_that_their_sum_overflows_are_not_there() {
        assertThat(slot(3, 2).take(Integer.MAX_VALUE, BEFORE, Duration.ZERO)).isEqualTo(new Taking.Full(1));
    }

    @Test
    void a_slot_that_is_closed_or_has_begun_gives_none() {
        assertThat(slot(3, 0).changedTo(3, SlotStatus.CLOSED).take(1, BEFORE, Duration.ZERO))
                .isInstanceOf(Taking.Closed.class);
        assertThat(slot(3, 0).take(1, START, Duration.ZERO)).isInstanceOf(Taking.Closed.class);
    }

    @Test
    void a_slot_is_booked_so_long_ahead_as_its_resource_asks_and_not_an_instant_later() {
        var lead = Duration.ofHours(2);
        assertThat(slot(3, 0).take(1, START.minus(lead), lead)).isInstanceOf(Taking.Taken.class);
        assertThat(slot(3, 0).take(1, START.minus(lead).plusNanos(1000), lead)).isInstanceOf(Taking.Closed.class);
    }

    @Test
    void a_capacity_lowered_below_what_is_booked_leaves_the_bookings_and_nothing_to_take() {
        var lowered = slot(5, 4).changedTo(2, SlotStatus.OPEN);
        assertThat(lowered.booked()).isEqualTo(4);
        assertThat(lowered.available()).isZero();
        assertThat(lowered.take(1, BEFORE, Duration.ZERO)).isEqualTo(new Taking.Full(0));
        assertThat(lowered.giveBack(3).take(1, BEFORE, Duration.ZERO)).isInstanceOf(Taking.Taken.class);
    }

    @Test
    void more_than_is_taken_cannot_be_given_back() {
        assertThatThrownBy(() -> slot(3, 1).giveBack(2)).isInstanceOf(IllegalArgumentException.class);
    }

    private static Slot slot(int capacity, int booked) {
        return new Slot(
                UUID.randomUUID(),
                "acme",
                UUID.randomUUID(),
                START,
                START.plusSeconds(1800),
                LocalDateTime.of(2026, 11, 27, 9, 0),
                capacity,
                booked,
                SlotStatus.OPEN,
                Slot.Ties.GENERATED,
                1);
    }
}

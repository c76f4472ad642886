package dev.carillon.booking.reservation;

import static dev.carillon.booking.reservation.Bookings.ID;
import static dev.carillon.booking.reservation.Bookings.NOW;
import static dev.carillon.booking.reservation.Bookings.START;
import static dev.carillon.booking.reservation.Bookings.appointment;
import static dev.carillon.booking.reservation.Bookings.booked;
import static dev.carillon.booking.reservation.Bookings.held;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.booking.reservation.Booking.Transition;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BookingTest {
    private static final Instant HOLD_ENDS = NOW.plusSeconds(300);

    @Test
    void what_is_held_is_confirmed_while_it_is_held_and_has_no_hold_any_more() {
        var confirmed = changed(held().confirm(HOLD_ENDS.minusNanos(1000)));
        assertThat(confirmed.status()).isEqualTo(BookingStatus.BOOKED);
        assertThat(confirmed.bookedAt()).isEqualTo(HOLD_ENDS.minusNanos(1000));
        assertThat(confirmed.holdExpiresAt()).isNull();
        assertThat(confirmed.version()).isEqualTo(2);
        assertThat(confirmed.revision()).isEqualTo(2);
    }

    @Test
    void a_hold_is_not_confirmed_at_or_after_its_end_even_when_nobody_has_ended_it_yet() {
        assertThat(held().confirm(HOLD_ENDS)).isInstanceOfSatisfying(Transition.Refused.class, refused -> {
            assertThat(refused.booking().status()).isEqualTo(BookingStatus.PENDING);
            assertThat(refused.wanted()).isEqualTo(BookingStatus.BOOKED);
        });
        assertThat(booked().confirm(NOW)).isInstanceOf(Transition.Refused.class);
        assertThat(changed(held().cancel(NOW)).confirm(NOW)).isInstanceOf(Transition.Refused.class);
    }

    @Test
    void what_is_held_is_not_confirmed_once_its_slot_has_begun() {
        var longHeld = Booking.held(ID, "acme", appointment(NOW.plusSeconds(60)), 1, held().customer(), HOLD_ENDS, NOW);
        assertThat(longHeld.confirm(NOW.plusSeconds(59))).isInstanceOf(Transition.Changed.class);
        assertThat(longHeld.confirm(NOW.plusSeconds(60))).isInstanceOf(Transition.Refused.class);
    }

    @Test
    void a_hold_ends_at_its_time_and_not_before_and_no_other_booking_does() {
        assertThat(held().expire(HOLD_ENDS.minusNanos(1000))).isInstanceOf(Transition.Unchanged.class);
        var expired = changed(held().expire(HOLD_ENDS));
        assertThat(expired.status()).isEqualTo(BookingStatus.CANCELLED);
        assertThat(expired.cancellationReason()).isEqualTo("hold-expired");
        assertThat(expired.bookedAt()).isNull();
        assertThat(expired.expire(HOLD_ENDS)).isInstanceOf(Transition.Unchanged.class);
        assertThat(booked().expire(HOLD_ENDS)).isInstanceOf(Transition.Unchanged.class);
        assertThat(changed(held().confirm(NOW)).expire(HOLD_ENDS)).isInstanceOf(Transition.Unchanged.class);
    }

    @Test
    void a_cancelled_booking_stays_as_it_is() {
        var cancelled = changed(booked().cancel(NOW));
        assertThat(cancelled.status()).isEqualTo(BookingStatus.CANCELLED);
        assertThat(cancelled.cancelledAt()).isEqualTo(NOW);
        assertThat(cancelled.bookedAt()).isEqualTo(NOW);
        assertThat(cancelled.cancel(NOW.plusSeconds(1))).isEqualTo(new Transition.Unchanged(cancelled));
        assertThat(cancelled.moveTo(appointment(START.plusSeconds(3600)), NOW)).isInstanceOf(Transition.Refused.class);
    }

    @Test
    void a_move_counts_in_the_calendars_sequence_and_to_the_same_slot_is_none() {
        var booked = booked();
        var later = appointment(START.plusSeconds(3600));
        var moved = changed(booked.moveTo(later, NOW));
        assertThat(moved.appointment()).isEqualTo(later);
        assertThat(moved.sequence()).isEqualTo(1);
        assertThat(moved.bookedAt()).isEqualTo(NOW);
        assertThat(moved.moveTo(later, NOW)).isEqualTo(new Transition.Unchanged(moved));
    }

    @Test
    void a_held_booking_moves_with_its_hold_and_not_after_it() {
        var later = appointment(START.plusSeconds(3600));
        assertThat(changed(held().moveTo(later, NOW)).holdExpiresAt()).isEqualTo(HOLD_ENDS);
        assertThat(held().moveTo(later, HOLD_ENDS)).isInstanceOf(Transition.Refused.class);
    }

    private static Booking changed(Transition transition) {
        assertThat(transition).isInstanceOf(Transition.Changed.class);
        return ((Transition.Changed) transition).booking();
    }
}

package dev.carillon.booking.reservation;

import static dev.carillon.booking.reservation.Bookings.ID;
import static dev.carillon.booking.reservation.Bookings.NOW;
import static dev.carillon.booking.reservation.Bookings.START;
import static dev.carillon.booking.reservation.Bookings.appointment;
import static dev.carillon.booking.reservation.Bookings.booked;
import static dev.carillon.booking.reservation.Bookings.held;
import static dev.carillon.booking.reservation.Bookings.proposed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.booking.availability.BookingRules;
import dev.carillon.booking.reservation.Attendance.Step;
import dev.carillon.booking.reservation.Booking.Transition;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
    void what_is_offered_is_accepted_once_while_it_is_offered_and_is_nothing_else_before() {
        var accepted = changed(proposed().accept(HOLD_ENDS.minusNanos(1000)));
        assertThat(accepted.status()).isEqualTo(BookingStatus.BOOKED);
        assertThat(accepted.holdExpiresAt()).isNull();
        assertThat(accepted.accept(NOW)).isInstanceOf(Transition.Refused.class);
        assertThat(proposed().accept(HOLD_ENDS)).isInstanceOf(Transition.Refused.class);
        assertThat(held().accept(NOW)).isInstanceOf(Transition.Refused.class);
        assertThat(Stream.of(
                        proposed().confirm(NOW),
                        proposed().cancel(NOW),
                        proposed().moveTo(appointment(START), NOW),
                        proposed().attend(Step.ARRIVE, NOW)))
                .allMatch(Transition.Refused.class::isInstance);
    }

    @Test
    void an_offer_ends_at_its_time_or_when_it_is_declined_and_only_an_offer_is_declined() {
        var expired = changed(proposed().expire(HOLD_ENDS));
        assertThat(expired.cancellationReason()).isEqualTo("offer-expired");
        assertThat(expired.decline(HOLD_ENDS)).isInstanceOf(Transition.Unchanged.class);
        assertThat(changed(proposed().decline(NOW)).cancellationReason()).isEqualTo("offer-declined");
        assertThat(booked().decline(NOW)).isInstanceOf(Transition.Refused.class);
        assertThat(held().decline(NOW)).isInstanceOf(Transition.Refused.class);
    }

    @ParameterizedTest
    @EnumSource(BookingStatus.class)
    void only_an_offer_is_withdrawn_and_that_is_no_change_of_its_clients(BookingStatus from) {
        var booking = Bookings.in(from);
        if (from != BookingStatus.PROPOSED) {
            assertThat(booking.withdraw(NOW)).isEqualTo(new Transition.Unchanged(booking));
            return;
        }
        var withdrawn = changed(booking.withdraw(NOW));
        assertThat(withdrawn.status()).isEqualTo(BookingStatus.CANCELLED);
        assertThat(withdrawn.cancellationReason()).isEqualTo("offer-withdrawn");
        assertThat(withdrawn.isWithdrawn()).isTrue();
        assertThat(withdrawn.version()).isEqualTo(2);
        assertThat(withdrawn.revision()).isEqualTo(1);
        assertThat(withdrawn.accept(NOW)).isInstanceOf(Transition.Refused.class);
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

    @ParameterizedTest
    @EnumSource(BookingStatus.class)
    void a_customer_arrives_checks_in_and_is_served_in_this_order_and_from_no_other_state(BookingStatus from) {
        assertThat(stepsFrom(from))
                .isEqualTo(
                        switch (from) {
                            case BOOKED -> Set.of(Step.ARRIVE, Step.CHECK_IN, Step.NO_SHOW);
                            case ARRIVED -> Set.of(Step.CHECK_IN, Step.FULFIL);
                            case CHECKED_IN -> Set.of(Step.FULFIL);
                            case PROPOSED, PENDING, FULFILLED, NOSHOW, CANCELLED -> Set.of();
                        });
    }

    @ParameterizedTest
    @EnumSource(BookingStatus.class)
    void once_its_customer_has_come_or_has_not_a_booking_is_neither_moved_nor_cancelled_nor_confirmed(
            BookingStatus from) {
        var booking = Bookings.in(from);
        var later = appointment(START.plusSeconds(3600));
        boolean ahead = from == BookingStatus.PENDING || from == BookingStatus.BOOKED;
        assertThat(booking.moveTo(later, NOW) instanceof Transition.Changed).isEqualTo(ahead);
        assertThat(booking.cancel(NOW) instanceof Transition.Changed).isEqualTo(ahead);
        assertThat(booking.confirm(NOW) instanceof Transition.Changed).isEqualTo(from == BookingStatus.PENDING);
    }

    @Test
    void nobody_fails_to_come_before_the_slot_begins() {
        assertThat(booked().attend(Step.NO_SHOW, START.minusNanos(1000)))
                .isInstanceOfSatisfying(Transition.Refused.class, refused -> assertThat(refused.wanted())
                        .isEqualTo(BookingStatus.NOSHOW));
        assertThat(changed(booked().attend(Step.NO_SHOW, START)).attendance().noShowAt())
                .isEqualTo(START);
    }

    @Test
    void what_was_recorded_before_stays_recorded() {
        var arrived = changed(booked().attend(Step.ARRIVE, NOW));
        var checkedIn = changed(arrived.attend(Step.CHECK_IN, NOW.plusSeconds(1)));
        var fulfilled = changed(checkedIn.attend(Step.FULFIL, NOW.plusSeconds(2)));
        assertThat(fulfilled.attendance()).isEqualTo(new Attendance(NOW, NOW.plusSeconds(1), NOW.plusSeconds(2), null));
        assertThat(fulfilled.bookedAt()).isEqualTo(NOW);
        assertThat(fulfilled.version()).isEqualTo(4);
        assertThat(fulfilled.revision()).isEqualTo(4);
    }

    @Test
    void a_customer_changes_what_is_booked_up_to_the_notice_and_gives_up_a_hold_at_any_time() {
        var rules = new BookingRules(Duration.ZERO, Duration.ofHours(24), null);
        var booked = Booking.booked(ID, "acme", appointment(START, rules), 1, booked().customer(), NOW);
        var deadline = START.minus(Duration.ofHours(24));
        assertThat(booked.isNoticeMissed(deadline)).isFalse();
        assertThat(booked.isNoticeMissed(deadline.plusNanos(1000))).isTrue();
        assertThat(booked().isNoticeMissed(START.plusSeconds(1))).isFalse();
        var held = Booking.held(ID, "acme", appointment(START, rules), 1, booked().customer(), START, NOW);
        assertThat(held.isNoticeMissed(deadline.plusNanos(1000))).isFalse();
    }

    @Test
    void a_customer_is_known_by_id_else_by_address_in_any_case_else_by_chat_and_not_by_name() {
        assertThat(new Customer("c-1", "Ana", "ana@example.org", "7", null, null).identity())
                .hasValue("id:c-1");
        assertThat(new Customer(null, "Ana", "Ana@Example.ORG", "7", null, null).identity())
                .hasValue("email:ana@example.org");
        assertThat(new Customer(null, "Ana", null, "7", null, null).identity()).hasValue("telegram:7");
        assertThat(new Customer(null, "Ana", null, null, null, null).identity()).isEmpty();
    }

    private static Set<Step> stepsFrom(BookingStatus from) {
        return Stream.of(Step.values())
                .filter(step -> Bookings.in(from).attend(step, START) instanceof Transition.Changed)
                .collect(Collectors.toSet());
    }

    private static Booking changed(Transition transition) {
        assertThat(transition).isInstanceOf(Transition.Changed.class);
        return ((Transition.Changed) transition).booking();
    }
}

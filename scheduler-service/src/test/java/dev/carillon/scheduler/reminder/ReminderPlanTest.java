package dev.carillon.scheduler.reminder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.scheduler.template.TemplateText;
import dev.carillon.scheduler.template.Texts;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReminderPlanTest {
    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
    private static final Instant FRIDAY = Instant.parse("2026-11-27T04:30:00Z");
    private static final Instant SATURDAY = Instant.parse("2026-11-28T04:30:00Z");
    private static final Instant SUNDAY = Instant.parse("2026-11-29T04:30:00Z");
    private static final String[] DAY_AND_HOUR = {"P1D", "PT1H"};

    @Test
    void a_booking_is_confirmed_at_once_and_reminded_of_before_its_start() {
        var plan = plan(Bookings.booked(1, FRIDAY, DAY_AND_HOUR));
        assertThat(plan.endsEarlier()).isFalse();
        assertThat(purposes(plan)).containsExactly("confirmation", "reminder", "reminder");
        assertThat(dueAt(plan))
                .containsExactly(NOW, Instant.parse("2026-11-26T04:30:00Z"), Instant.parse("2026-11-27T03:30:00Z"));
    }

    @Test
    void nothing_is_confirmed_or_reminded_of_once_it_has_begun() {
        assertThat(plan(Bookings.booked(1, NOW, "PT1H")).notices()).isEmpty();
        assertThat(plan(Bookings.booked(1, NOW.plusSeconds(1), "PT1H")).notices())
                .hasSize(1);
    }

    @Test
    void who_is_booked_in_a_slot_that_is_closed_is_told_once_and_everything_else_stands() {
        var booked = Bookings.booked(1, FRIDAY, DAY_AND_HOUR);
        var closed = Bookings.inClosedSlot(Bookings.booked(2, FRIDAY, DAY_AND_HOUR));
        var plan = told(booked, closed).getLast();
        assertThat(plan.endsEarlier()).isFalse();
        assertThat(purposes(plan)).containsExactly("slot-closed");
        doesNothing(ReminderPlan.of(KnownBooking.of(closed), Bookings.inClosedSlot(Bookings.booked(3, FRIDAY)), NOW));
        doesNothing(ReminderPlan.of(KnownBooking.of(booked), closed, FRIDAY));
    }

    @Test
    void a_slot_that_is_open_again_and_closed_again_is_told_again() {
        var plans = told(
                Bookings.inClosedSlot(Bookings.booked(1, FRIDAY)),
                Bookings.booked(2, FRIDAY),
                Bookings.inClosedSlot(Bookings.booked(3, FRIDAY)));
        assertThat(purposes(plans.get(0))).containsExactly("confirmation", "slot-closed");
        doesNothing(plans.get(1));
        assertThat(purposes(plans.get(2))).containsExactly("slot-closed");
    }

    @Test
    void who_did_not_come_is_written_to_once_if_the_resource_has_words_for_it_and_it_is_not_long_ago() {
        var booked = KnownBooking.of(Bookings.booked(1, FRIDAY));
        var words = new NoticeWords(
                Locale.ENGLISH, Map.of("noShow", new Texts(null, TemplateText.of("We missed you"), null, null)));
        var missed = Bookings.saying(words, Bookings.noShow(2, FRIDAY));
        var plan = ReminderPlan.of(booked, missed, FRIDAY.plusSeconds(60));
        assertThat(plan.endsEarlier()).isFalse();
        assertThat(purposes(plan)).containsExactly("no-show");

        doesNothing(ReminderPlan.of(booked, Bookings.noShow(2, FRIDAY), FRIDAY.plusSeconds(60)));
        doesNothing(ReminderPlan.of(booked, missed, FRIDAY.plus(Duration.ofDays(7))));
        doesNothing(ReminderPlan.of(
                KnownBooking.of(missed), Bookings.saying(words, Bookings.noShow(3, FRIDAY)), FRIDAY.plusSeconds(60)));
    }

    @Test
    void a_hold_sends_nothing_and_neither_does_its_expiry() {
        assertThat(told(Bookings.pending(1, FRIDAY), Bookings.holdExpired(2, FRIDAY)))
                .allSatisfy(ReminderPlanTest::doesNothing);
    }

    @Test
    void an_offer_is_told_at_once_while_it_stands() {
        var plan = plan(Bookings.proposed(1, FRIDAY));
        assertThat(plan.endsEarlier()).isFalse();
        assertThat(plan.notices()).singleElement().isInstanceOfSatisfying(Notice.Offer.class, offer -> assertThat(
                        offer.until())
                .isEqualTo(Bookings.OFFERED_UNTIL));
        assertThat(dueAt(plan)).containsExactly(NOW);
        doesNothing(ReminderPlan.of(
                Bookings.nothingKnownOf(Bookings.proposed(1, FRIDAY)),
                Bookings.proposed(1, FRIDAY),
                Bookings.OFFERED_UNTIL));
    }

    @Test
    void an_offer_that_is_accepted_is_a_booking_and_ends_what_was_said_of_it() {
        var plan = told(Bookings.proposed(1, FRIDAY), Bookings.booked(2, FRIDAY, DAY_AND_HOUR))
                .getLast();
        assertThat(plan.endsEarlier()).isTrue();
        assertThat(purposes(plan)).containsExactly("confirmation", "reminder", "reminder");
    }

    @Test
    void an_offer_that_is_over_ends_what_was_said_of_it_and_says_no_more() {
        var plan = told(Bookings.proposed(1, FRIDAY), Bookings.holdExpired(2, FRIDAY))
                .getLast();
        assertThat(plan.endsEarlier()).isTrue();
        assertThat(plan.notices()).isEmpty();
    }

    @Test
    void a_hold_that_is_confirmed_is_a_booking() {
        var plans = told(Bookings.pending(1, FRIDAY), Bookings.booked(2, FRIDAY, DAY_AND_HOUR));
        assertThat(purposes(plans.getLast())).containsExactly("confirmation", "reminder", "reminder");
    }

    @Test
    void a_hold_that_was_moved_before_it_is_confirmed_is_confirmed_for_its_new_time() {
        var plans = told(
                Bookings.pending(1, FRIDAY), Bookings.pending(2, SATURDAY), Bookings.moved(3, 1, SATURDAY, "PT1H"));
        doesNothing(plans.get(1));
        assertThat(purposes(plans.getLast())).containsExactly("confirmation", "reminder");
        assertThat(dueAt(plans.getLast())).contains(SATURDAY.minusSeconds(3600));
    }

    @Test
    void a_repeated_event_does_nothing() {
        var booked = Bookings.booked(1, FRIDAY, DAY_AND_HOUR);
        doesNothing(told(booked, booked).getLast());
    }

    @Test
    void a_later_version_of_the_same_time_sends_nothing_again() {
        doesNothing(told(Bookings.booked(1, FRIDAY, DAY_AND_HOUR), Bookings.booked(2, FRIDAY, DAY_AND_HOUR))
                .getLast());
    }

    @Test
    void a_move_ends_what_was_meant_for_the_old_time_and_says_both_times() {
        var plan = told(Bookings.booked(1, FRIDAY, DAY_AND_HOUR), Bookings.moved(2, 1, SATURDAY, DAY_AND_HOUR))
                .getLast();
        assertThat(plan.endsEarlier()).isTrue();
        assertThat(purposes(plan)).containsExactly("moved", "reminder", "reminder");
        assertThat(plan.notices().getFirst())
                .isInstanceOfSatisfying(
                        Notice.Moved.class, moved -> assertThat(moved.from()).isEqualTo(FRIDAY));
        assertThat(dueAt(plan)).contains(Instant.parse("2026-11-27T04:30:00Z"), Instant.parse("2026-11-28T03:30:00Z"));
    }

    @Test
    void of_two_moves_that_come_in_the_wrong_order_the_later_one_stands() {
        var plans = told(
                Bookings.booked(1, FRIDAY, "PT1H"),
                Bookings.moved(3, 2, SUNDAY, "PT1H"),
                Bookings.moved(2, 1, SATURDAY, "PT1H"));
        assertThat(purposes(plans.get(1))).containsExactly("moved", "reminder");
        assertThat(dueAt(plans.get(1))).contains(Instant.parse("2026-11-29T03:30:00Z"));
        doesNothing(plans.get(2));
    }

    @Test
    void a_move_of_a_booking_that_was_never_told_is_its_confirmation() {
        assertThat(purposes(plan(Bookings.moved(2, 1, SATURDAY, "PT1H")))).containsExactly("confirmation", "reminder");
    }

    @Test
    void a_cancellation_ends_everything_and_says_so_once() {
        var plans = told(
                Bookings.booked(1, FRIDAY, DAY_AND_HOUR), Bookings.cancelled(2, FRIDAY), Bookings.cancelled(3, FRIDAY));
        assertThat(plans.get(1).endsEarlier()).isTrue();
        assertThat(purposes(plans.get(1))).containsExactly("cancelled");
        doesNothing(plans.get(2));
    }

    @Test
    void a_booking_that_is_told_after_its_cancellation_sends_nothing() {
        var plans = told(Bookings.cancelled(2, FRIDAY), Bookings.booked(1, FRIDAY, DAY_AND_HOUR));
        assertThat(purposes(plans.getFirst())).containsExactly("cancelled");
        doesNothing(plans.getLast());
    }

    @Test
    void a_reminder_whose_instant_has_passed_is_left_out() {
        var tomorrow = NOW.plusSeconds(20 * 3600);
        assertThat(dueAt(plan(Bookings.booked(1, tomorrow, DAY_AND_HOUR))))
                .containsExactly(NOW, tomorrow.minusSeconds(3600));
    }

    @Test
    void two_reminders_of_one_instant_are_one() {
        assertThat(dueAt(plan(Bookings.booked(1, FRIDAY, "P1D", "PT24H")))).hasSize(2);
    }

    @ParameterizedTest(name = "{1} before {0} is {2}")
    @CsvSource({
        // The clocks go forward on 29 March and back on 25 October 2026.
        "2026-03-30T10:00, P1D, 2026-03-29T10:00",
        "2026-03-29T10:00, P1D, 2026-03-28T10:00",
        "2026-03-29T10:00, PT24H, 2026-03-28T09:00",
        "2026-10-26T10:00, P1D, 2026-10-25T10:00",
        "2026-10-25T10:00, P1D, 2026-10-24T10:00",
        "2026-10-25T10:00, P1DT2H, 2026-10-24T08:00"
    })
    void a_day_before_is_the_same_time_of_day_where_the_booking_is_also_over_a_change_of_clocks(
            LocalDateTime start, String before, LocalDateTime due) {
        var berlin = ZoneId.of("Europe/Berlin");
        var told = Bookings.in(berlin, Bookings.booked(1, start.atZone(berlin).toInstant(), before));
        var plan = ReminderPlan.of(Bookings.nothingKnownOf(told), told, Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(plan.notices().getLast().timing().local()).isEqualTo(due);
    }

    private static ReminderPlan plan(Booking told) {
        return told(told).getFirst();
    }

    /** What each of these comes to, told one after the other. */
    private static List<ReminderPlan> told(Booking... events) {
        var plans = new ArrayList<ReminderPlan>();
        var known = Bookings.nothingKnownOf(events[0]);
        for (var event : events) {
            plans.add(ReminderPlan.of(known, event, NOW));
            known = known.isOlderThan(event) ? KnownBooking.of(event) : known;
        }
        return plans;
    }

    private static void doesNothing(ReminderPlan plan) {
        assertThat(plan).isEqualTo(new ReminderPlan(false, List.of()));
    }

    private static List<String> purposes(ReminderPlan plan) {
        return plan.notices().stream().map(Notice::purpose).toList();
    }

    private static List<Instant> dueAt(ReminderPlan plan) {
        return plan.notices().stream().map(notice -> notice.timing().dueAt()).toList();
    }
}

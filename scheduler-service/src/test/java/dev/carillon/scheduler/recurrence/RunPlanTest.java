package dev.carillon.scheduler.recurrence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunPlanTest {
    private static final ZonePolicy UTC = new ZonePolicy(ZoneId.of("UTC"), Gap.SHIFT, Overlap.FIRST);
    private static final Occurrences HOURLY = Recurring.cron("0 * * * *", UTC);
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration GRACE = Duration.ofMinutes(1);
    private static final int LIMIT = 100;

    @Test
    void what_comes_within_the_horizon_is_planned_at_its_own_instant() {
        var plan = plan(new Misfire.FireOnce(), NOON.minusSeconds(30), NOON.minusSeconds(30), NOON.plusSeconds(30));
        assertThat(due(plan)).containsExactly(NOON);
        assertThat(plan.decidedUntil()).isEqualTo(NOON.plusSeconds(30));
        assertThat(plan.next()).extracting(Occurrence::at).isEqualTo(NOON.plus(Duration.ofHours(1)));
        assertThat(plan.complete()).isTrue();
    }

    @Test
    void what_was_planned_is_not_planned_again() {
        var now = NOON.minusSeconds(20);
        assertThat(plan(new Misfire.FireOnce(), NOON.plusSeconds(30), now, NOON.plusSeconds(40))
                        .runs())
                .isEmpty();
        assertThat(plan(new Misfire.FireOnce(), NOON, now, NOON).runs()).isEmpty();
    }

    @Test
    void what_is_a_little_late_is_fired_whatever_the_policy() {
        for (var misfire : List.of(new Misfire.FireOnce(), new Misfire.Skip(), new Misfire.CatchUp(GRACE))) {
            var plan = plan(misfire, NOON.minusSeconds(1), NOON.plusSeconds(59), NOON.plusSeconds(59));
            assertThat(due(plan)).as(misfire.wireName()).containsExactly(NOON);
        }
    }

    @Test
    void fire_once_is_one_message_that_is_due_now_for_all_that_were_missed_and_goes_on_from_there() {
        var now = NOON.plus(Duration.ofMinutes(30));
        var plan = plan(new Misfire.FireOnce(), NOON.minus(Duration.ofDays(300)), now, NOON.plus(Duration.ofHours(1)));
        assertThat(due(plan)).containsExactly(now, NOON.plus(Duration.ofHours(1)));
        var nothingMissed = plan(new Misfire.FireOnce(), NOON, now, now);
        assertThat(nothingMissed.runs()).isEmpty();
    }

    @Test
    void skip_is_nothing_for_what_was_missed() {
        var now = NOON.plus(Duration.ofMinutes(30));
        var plan = plan(new Misfire.Skip(), NOON.minus(Duration.ofDays(300)), now, NOON.plus(Duration.ofHours(1)));
        assertThat(due(plan)).containsExactly(NOON.plus(Duration.ofHours(1)));
    }

    @Test
    void catch_up_is_each_that_was_missed_within_the_window_in_order_at_its_own_instant() {
        var now = NOON.plus(Duration.ofMinutes(30));
        var plan = plan(new Misfire.CatchUp(Duration.ofHours(3)), NOON.minus(Duration.ofDays(300)), now, now);
        assertThat(due(plan)).containsExactly(NOON.minus(Duration.ofHours(2)), NOON.minus(Duration.ofHours(1)), NOON);
    }

    @Test
    void what_is_a_little_late_is_caught_up_with_however_short_the_window_is() {
        var now = NOON.plusSeconds(45);
        var plan = plan(new Misfire.CatchUp(Duration.ofSeconds(30)), NOON.minus(Duration.ofDays(300)), now, now);
        assertThat(due(plan)).containsExactly(NOON);
    }

    @Test
    void a_backlog_beyond_the_limit_is_planned_in_turns_without_losing_or_repeating_any() {
        var now = NOON.plus(Duration.ofMinutes(30));
        var misfire = new Misfire.CatchUp(Duration.ofDays(31));
        var from = NOON.minus(Duration.ofDays(20));
        var turns = 0;
        var planned = new ArrayList<Instant>();
        for (boolean complete = false; !complete; turns++) {
            var plan = RunPlan.of(HOURLY, misfire, new RunPlan.Moment(from, now, now, GRACE), LIMIT);
            planned.addAll(due(plan));
            from = plan.decidedUntil();
            complete = plan.complete();
        }
        assertThat(turns).isEqualTo(5);
        assertThat(planned).hasSize(480).isSorted().doesNotHaveDuplicates().endsWith(NOON);
    }

    @Test
    void without_room_nothing_is_decided() {
        var now = NOON.plusSeconds(30);
        var plan = RunPlan.of(
                HOURLY, new Misfire.FireOnce(), new RunPlan.Moment(NOON.minusSeconds(1), now, now, GRACE), 0);
        assertThat(plan.runs()).isEmpty();
        assertThat(plan.decidedUntil()).isEqualTo(NOON.minusSeconds(1));
        assertThat(plan.complete()).isFalse();
    }

    @Test
    void after_the_last_occurrence_there_is_no_next() {
        var twice = Recurring.of(
                new Rule.RRule("FREQ=HOURLY;COUNT=2"), UTC, LocalDateTime.parse("2026-11-22T11:00"), null, null);
        var plan = RunPlan.of(
                twice,
                new Misfire.FireOnce(),
                new RunPlan.Moment(NOON.minusSeconds(60), NOON.minusSeconds(60), NOON.plusSeconds(60), GRACE),
                LIMIT);
        assertThat(due(plan)).containsExactly(NOON);
        assertThat(plan.next()).isNull();
    }

    private static RunPlan plan(Misfire misfire, Instant decidedUntil, Instant now, Instant horizon) {
        return RunPlan.of(HOURLY, misfire, new RunPlan.Moment(decidedUntil, now, horizon, GRACE), LIMIT);
    }

    private static List<Instant> due(RunPlan plan) {
        return plan.runs().stream().map(RunPlan.Run::dueAt).toList();
    }
}

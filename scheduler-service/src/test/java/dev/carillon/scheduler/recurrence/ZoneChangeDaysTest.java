package dev.carillon.scheduler.recurrence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every day on which clocks change, in three zones over ten years, and every other day between them. */
class ZoneChangeDaysTest {
    private static final LocalDate FROM = LocalDate.of(2026, 1, 1);
    private static final LocalDate TO = LocalDate.of(2036, 1, 1);

    static Stream<Arguments> everyPolicy() {
        return Stream.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")
                .map(ZoneId::of)
                .flatMap(zone -> Stream.of("02:30", "02:15", "01:45", "09:00", "00:00")
                        .map(LocalTime::parse)
                        .flatMap(time -> Stream.of(Gap.values()).flatMap(gap -> Stream.of(Overlap.values())
                                .map(overlap -> Arguments.of(time, new ZonePolicy(zone, gap, overlap))))));
    }

    /** What is documented, said again by other means: offsets instead of transitions. */
    private static List<Instant> documented(LocalTime time, ZonePolicy policy) {
        var expected = new ArrayList<Instant>();
        for (var day = FROM; day.isBefore(TO); day = day.plusDays(1)) {
            var local = day.atTime(time);
            var offsets = policy.zone().getRules().getValidOffsets(local);
            if (offsets.isEmpty() && policy.gap() == Gap.SHIFT) {
                // The offset of the hours before.
                expected.add(local.toInstant(
                        local.minusHours(3).atZone(policy.zone()).getOffset()));
            }
            offsets.stream()
                    .limit(policy.overlap() == Overlap.BOTH ? 2 : 1)
                    .map(local::toInstant)
                    .forEach(expected::add);
        }
        return expected;
    }

    @ParameterizedTest(name = "daily at {0}, {1}")
    @MethodSource("everyPolicy")
    void daily_schedules_give_the_documented_occurrences_on_every_day(LocalTime time, ZonePolicy policy) {
        var daily = Recurring.cron("%d %d * * *".formatted(time.getMinute(), time.getHour()), policy);
        var expected = documented(time, policy);
        var begin = FROM.atStartOfDay(policy.zone()).toInstant().minusNanos(1);
        assertThat(Recurring.instants(daily.next(begin, expected.size()))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "daily at {0}, {1}")
    @MethodSource("everyPolicy")
    void whatever_instant_one_begins_at_the_next_occurrence_is_the_first_after_it(LocalTime time, ZonePolicy policy) {
        var daily = Recurring.cron("%d %d * * *".formatted(time.getMinute(), time.getHour()), policy);
        var expected = new TreeSet<>(documented(time, policy));
        for (var transition : transitions(policy.zone())) {
            var at = transition.getInstant();
            for (var from = at.minus(Duration.ofHours(5)); from.isBefore(at.plus(Duration.ofHours(5))); ) {
                var begin = from;
                assertThat(daily.next(begin).map(Occurrence::at))
                        .as("after %s", begin)
                        .hasValue(Objects.requireNonNull(expected.higher(begin)));
                from = from.plus(Duration.ofMinutes(15));
            }
        }
    }

    static Stream<ZonePolicy> policies() {
        return everyPolicy().map(arguments -> (ZonePolicy) arguments.get()[1]).distinct();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("policies")
    void every_quarter_of_an_hour_is_given_in_the_order_of_its_instants_and_each_instant_once(ZonePolicy policy) {
        var quarters = Recurring.cron("*/15 * * * *", policy);
        for (var transition : transitions(policy.zone())) {
            var begin = transition.getInstant().minus(Duration.ofHours(4));
            var found = Recurring.instants(quarters.next(begin, 40));
            assertThat(found).isSorted().doesNotHaveDuplicates();
            boolean eachInstant = policy.overlap() == Overlap.BOTH || transition.isGap();
            for (int i = 1; eachInstant && i < found.size(); i++) {
                assertThat(Duration.between(found.get(i - 1), found.get(i))).isEqualTo(Duration.ofMinutes(15));
            }
        }
    }

    @Test
    void on_the_days_of_berlin_in_2026_half_past_two_is_what_the_documentation_says() {
        var berlin = ZoneId.of("Europe/Berlin");
        var shifting = Recurring.cron("30 2 * * *", new ZonePolicy(berlin, Gap.SHIFT, Overlap.BOTH));
        assertThat(shifting.next(Instant.parse("2026-03-28T12:00:00Z")))
                .hasValue(new Occurrence(
                        LocalDateTime.parse("2026-03-29T02:30"),
                        Occurrence.Fold.SHIFTED,
                        Instant.parse("2026-03-29T01:30:00Z")));
        assertThat(shifting.next(Instant.parse("2026-10-24T12:00:00Z"), 2))
                .extracting(Occurrence::fold, Occurrence::at)
                .containsExactly(
                        tuple(Occurrence.Fold.FIRST, Instant.parse("2026-10-25T00:30:00Z")),
                        tuple(Occurrence.Fold.SECOND, Instant.parse("2026-10-25T01:30:00Z")));
        var skipping = Recurring.cron("30 2 * * *", new ZonePolicy(berlin, Gap.SKIP, Overlap.FIRST));
        assertThat(skipping.next(Instant.parse("2026-03-28T12:00:00Z")).map(Occurrence::at))
                .hasValue(Instant.parse("2026-03-30T00:30:00Z"));
        assertThat(Recurring.instants(skipping.next(Instant.parse("2026-10-24T12:00:00Z"), 2)))
                .containsExactly(Instant.parse("2026-10-25T00:30:00Z"), Instant.parse("2026-10-26T01:30:00Z"));
    }

    @Test
    void a_start_that_is_the_second_half_past_two_begins_there_and_what_is_counted_is_counted_from_there() {
        var berlin = ZoneId.of("Europe/Berlin");
        var daily = new Rule.RRule("FREQ=DAILY");
        var start = LocalDateTime.parse("2026-10-25T02:30");
        var before = Instant.parse("2026-10-24T00:00:00Z");
        var both = new ZonePolicy(berlin, Gap.SHIFT, Overlap.BOTH);
        assertThat(Recurring.instants(
                        Recurring.fromSecond(daily, both, start, null).next(before, 2)))
                .containsExactly(Instant.parse("2026-10-25T01:30:00Z"), Instant.parse("2026-10-26T01:30:00Z"));
        assertThat(Recurring.instants(
                        Recurring.fromSecond(daily, both, start, 1).next(before, 9)))
                .containsExactly(Instant.parse("2026-10-25T01:30:00Z"));
        assertThat(Recurring.fromSecond(daily, both, start, 1).next(Instant.parse("2026-10-25T01:30:00Z")))
                .isEmpty();
        assertThat(Recurring.instants(Recurring.of(daily, both, start, null, 1).next(before, 9)))
                .containsExactly(Instant.parse("2026-10-25T00:30:00Z"));
        var first = new ZonePolicy(berlin, Gap.SHIFT, Overlap.FIRST);
        assertThat(Recurring.instants(
                        Recurring.fromSecond(daily, first, start, 2).next(before, 9)))
                .containsExactly(Instant.parse("2026-10-26T01:30:00Z"), Instant.parse("2026-10-27T01:30:00Z"));
    }

    @Test
    void a_shifted_time_that_comes_to_the_instant_of_another_is_that_one() {
        var hourly = Recurring.cron("30 * * * *", new ZonePolicy(ZoneId.of("Europe/Berlin"), Gap.SHIFT, Overlap.FIRST));
        var found = hourly.next(Instant.parse("2026-03-29T00:00:00Z"), 3);
        assertThat(found)
                .extracting(Occurrence::at)
                .containsExactly(
                        Instant.parse("2026-03-29T00:30:00Z"),
                        Instant.parse("2026-03-29T01:30:00Z"),
                        Instant.parse("2026-03-29T02:30:00Z"));
        assertThat(found).extracting(Occurrence::fold).containsOnly(Occurrence.Fold.PLAIN);
    }

    @Test
    void a_day_that_a_zone_left_out_is_shifted_onto_the_next() {
        var apia = new ZonePolicy(ZoneId.of("Pacific/Apia"), Gap.SHIFT, Overlap.FIRST);
        var daily = Recurring.cron("0 9 * * *", apia).next(Instant.parse("2011-12-28T20:00:00Z"), 3);
        assertThat(daily)
                .extracting(Occurrence::local)
                .containsExactly(
                        LocalDateTime.parse("2011-12-29T09:00"),
                        LocalDateTime.parse("2011-12-31T09:00"),
                        LocalDateTime.parse("2012-01-01T09:00"));
        assertThat(new HashSet<>(Recurring.instants(daily))).hasSize(3);
    }

    private static List<ZoneOffsetTransition> transitions(ZoneId zone) {
        var found = new ArrayList<ZoneOffsetTransition>();
        var end = TO.minusDays(30).atStartOfDay(zone).toInstant();
        var next = zone.getRules().nextTransition(FROM.atStartOfDay(zone).toInstant());
        while (next != null && next.getInstant().isBefore(end)) {
            found.add(next);
            next = zone.getRules().nextTransition(next.getInstant());
        }
        assertThat(found).hasSizeGreaterThan(18);
        return found;
    }
}

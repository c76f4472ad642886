package dev.carillon.scheduler.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.scheduler.message.Schedule.Resolution;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123456789Z");

    @Test
    void an_instant_is_due_at_itself_and_shown_in_the_zone() {
        var timing = resolved(new Schedule.At(Instant.parse("2026-11-27T03:30:00Z"), ZoneId.of("Asia/Kolkata")));
        assertThat(timing.dueAt()).isEqualTo("2026-11-27T03:30:00Z");
        assertThat(timing.local()).isEqualTo("2026-11-27T09:00:00");
        assertThat(timing.zone()).isEqualTo(ZoneId.of("Asia/Kolkata"));
        assertThat(timing.tzdbVersion()).matches("20\\d\\d[a-z]");
    }

    @Test
    void a_local_time_is_due_when_the_zones_clocks_show_it() {
        var timing = resolved(new Schedule.AtLocal(LocalDateTime.parse("2026-07-01T09:00"), BERLIN));
        assertThat(timing.dueAt()).isEqualTo("2026-07-01T07:00:00Z");
    }

    @Test
    void a_local_time_in_a_gap_is_shifted_forward_by_the_gap() {
        var timing = resolved(new Schedule.AtLocal(LocalDateTime.parse("2026-03-29T02:30"), BERLIN));
        assertThat(timing.dueAt()).isEqualTo("2026-03-29T01:30:00Z");
        assertThat(timing.local()).isEqualTo("2026-03-29T03:30:00");
    }

    @Test
    void a_local_time_in_an_overlap_is_the_first_of_both() {
        var timing = resolved(new Schedule.AtLocal(LocalDateTime.parse("2026-10-25T02:30"), BERLIN));
        assertThat(timing.dueAt()).isEqualTo("2026-10-25T00:30:00Z");
    }

    @Test
    void a_day_is_a_calendar_day_in_the_zone_also_over_a_change_of_clocks() {
        var eve = Instant.parse("2026-03-28T11:00:00Z");
        var day = new Schedule.In(Period.ofDays(1), Duration.ZERO, BERLIN).resolve(eve);
        var hours = new Schedule.In(Period.ZERO, Duration.ofHours(24), BERLIN).resolve(eve);
        assertThat(timing(day).dueAt()).isEqualTo("2026-03-29T10:00:00Z");
        assertThat(timing(hours).dueAt()).isEqualTo("2026-03-29T11:00:00Z");
    }

    @Test
    void a_duration_counts_first_its_days_and_then_its_hours() {
        var both = new Schedule.In(Period.ofMonths(1), Duration.ofMinutes(90), ZoneOffset.UTC)
                .resolve(Instant.parse("2026-01-31T12:00:00Z"));
        assertThat(timing(both).dueAt()).isEqualTo("2026-02-28T13:30:00Z");
    }

    @Test
    void now_is_due_at_once_to_the_microsecond_that_can_be_kept() {
        assertThat(resolved(new Schedule.Now(ZoneOffset.UTC)).dueAt()).isEqualTo("2026-03-01T12:00:00.123456Z");
    }

    @Test
    void what_is_past_is_refused_and_this_very_microsecond_is_not_past() {
        assertThat(new Schedule.At(NOW.minusSeconds(1), ZoneOffset.UTC).resolve(NOW))
                .isEqualTo(new Resolution.InThePast(Instant.parse("2026-03-01T11:59:59.123456Z")));
        assertThat(new Schedule.At(NOW, ZoneOffset.UTC).resolve(NOW)).isInstanceOf(Resolution.Resolved.class);
    }

    @Test
    void what_is_beyond_the_horizon_or_beyond_any_calendar_is_too_far() {
        assertThat(new Schedule.At(NOW.plus(Schedule.HORIZON).plusSeconds(1), ZoneOffset.UTC).resolve(NOW))
                .isEqualTo(new Resolution.TooFar());
        assertThat(new Schedule.In(Period.ofYears(Integer.MAX_VALUE), Duration.ZERO, BERLIN).resolve(NOW))
                .isEqualTo(new Resolution.TooFar());
        assertThat(new Schedule.In(Period.ZERO, Duration.ofSeconds(Long.MAX_VALUE), BERLIN).resolve(NOW))
                .isEqualTo(new Resolution.TooFar());
        assertThat(new Schedule.At(NOW.plus(Schedule.HORIZON), ZoneOffset.UTC).resolve(NOW))
                .isInstanceOf(Resolution.Resolved.class);
    }

    private static Timing resolved(Schedule schedule) {
        return timing(schedule.resolve(NOW));
    }

    private static Timing timing(Resolution resolution) {
        assertThat(resolution).isInstanceOf(Resolution.Resolved.class);
        return ((Resolution.Resolved) resolution).timing();
    }
}

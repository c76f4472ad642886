package dev.carillon.scheduler.recurrence.expansion;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.scheduler.recurrence.Rule;
import dev.carillon.scheduler.recurrence.Rules.Reading;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleReadingTest {
    private static final ZoneId ZONE = ZoneId.of("Asia/Kolkata");
    /** A Sunday. */
    private static final LocalDateTime START = LocalDateTime.parse("2026-11-22T09:00");

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            0 9 * * *            | 2026-11-22T09:00 2026-11-23T09:00
            0 9 * * MON-FRI      | 2026-11-23T09:00 2026-11-24T09:00
            0 9 * * mon          | 2026-11-23T09:00 2026-11-30T09:00
            0 9 * * 0            | 2026-11-22T09:00 2026-11-29T09:00
            0 9 * * 7            | 2026-11-22T09:00 2026-11-29T09:00
            0 9 * * SAT-SUN      | 2026-11-22T09:00 2026-11-28T09:00
            0 9 * * 5-7          | 2026-11-22T09:00 2026-11-27T09:00
            0 9 * * 2#1          | 2026-12-01T09:00 2027-01-05T09:00
            0 9 * * FRI#2,FRI#4  | 2026-11-27T09:00 2026-12-11T09:00
            0 9 * * FRIL         | 2026-11-27T09:00 2026-12-25T09:00
            0 9 L * *            | 2026-11-30T09:00 2026-12-31T09:00
            0 9 L-1,1 * *        | 2026-11-29T09:00 2026-12-01T09:00
            0 9 13 * FRI         | 2026-11-27T09:00 2026-12-04T09:00
            0 9 1 jan,JUL *      | 2027-01-01T09:00 2027-07-01T09:00
            0 9 29 2 *           | 2028-02-29T09:00 2032-02-29T09:00
            0/20 10-11 * * *     | 2026-11-22T10:00 2026-11-22T10:20
            5-59/30 * * * *      | 2026-11-22T09:05 2026-11-22T09:35
            */45 * * * *         | 2026-11-22T09:00 2026-11-22T09:45
            0 9 1-31/2 * SUN     | 2026-11-22T09:00 2026-11-23T09:00
            * * 31 * *           | 2026-12-31T00:00 2026-12-31T00:01
            @daily               | 2026-11-23T00:00 2026-11-24T00:00
            @Hourly              | 2026-11-22T09:00 2026-11-22T10:00
            @weekly              | 2026-11-29T00:00 2026-12-06T00:00
            @monthly             | 2026-12-01T00:00 2027-01-01T00:00
            @yearly              | 2027-01-01T00:00 2028-01-01T00:00
            """)
    void a_cron_expression_is_read_as_documented(String cron, String expected) {
        assertThat(first(new Rule.Cron(cron), START))
                .containsExactlyElementsOf(List.of(expected.split(" ")).stream()
                        .map(LocalDateTime::parse)
                        .toList());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "",
                "0 9 * *",
                "0 0 9 * * *",
                "60 * * * *",
                "0 24 * * *",
                "0 9 0 * *",
                "0 9 32 * *",
                "0 9 * 0 *",
                "0 9 * 13 *",
                "0 9 * * 8",
                "0 9 ? * 1",
                "@reboot",
                "0 9 * * 5#6",
                "0 9 * * 5#0",
                "0 9 * * L",
                "0 9 15W * *",
                "0 9 LW * *",
                "0 9 L-31 * *",
                "*/0 * * * *",
                "*/60 * * * *",
                "10-5 * * * *",
                "0 9 * * FRI-MON",
                "0 9 */2 * FRI",
                "0 9 1 * */2",
                "0 9 * * MONDAY",
                "0 9 , * *",
                "0 9 1, * *",
                "-1 * * * *",
                "0 9 * JANUARY *",
                "0 9 * * MON#",
                "1/ * * * *",
                "é 9 * * *",
                "１ 9 * * *"
            })
    void a_cron_expression_that_is_not_of_the_dialect_is_refused_with_a_reason(String cron) {
        assertThat(new RuleReading().read(new Rule.Cron(cron), START, ZONE))
                .isInstanceOfSatisfying(Reading.NotUnderstood.class, fault -> assertThat(fault.why())
                        .isNotBlank()
                        .hasSizeLessThan(300)
                        .doesNotContain("Exception", "dmfs"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "",
                "x",
                "FREQ",
                "FREQ=",
                "FREQ=NEVER",
                "RRULE:FREQ=DAILY",
                "INTERVAL=2",
                "FREQ=DAILY;",
                "FREQ=DAILY;FREQ=DAILY",
                "FREQ=DAILY;FOO=1",
                "FREQ=DAILY;X-A=1",
                "FREQ=DAILY;INTERVAL=0",
                "FREQ=DAILY;INTERVAL=10001",
                "FREQ=DAILY;COUNT=0",
                "FREQ=DAILY;COUNT=10001",
                "FREQ=DAILY;COUNT=2;UNTIL=20271231",
                "FREQ=DAILY;UNTIL=tomorrow",
                "FREQ=DAILY;UNTIL=20271301",
                "FREQ=DAILY;BYHOUR=25",
                "FREQ=DAILY;BYMINUTE=60",
                "FREQ=DAILY;BYDAY=",
                "FREQ=DAILY;BYDAY=XX",
                "FREQ=WEEKLY;BYDAY=1MO",
                "FREQ=DAILY;BYWEEKNO=3",
                "FREQ=MONTHLY;BYYEARDAY=3",
                "FREQ=DAILY;BYSETPOS=2",
                "FREQ=YEARLY;RSCALE=HEBREW",
                "FREQ=MONTHLY;SKIP=FORWARD;RSCALE=GREGORIAN",
                "FREQ=HOURLY;INTERVAL=5;BYDAY=MO",
                "FREQ=MINUTELY;INTERVAL=7;BYHOUR=9",
                "FREQ=HOURLY;BYYEARDAY=1",
                "FREQ=YEARLY;BYDAY=MO;BYHOUR=1,2,3,4,5;BYMINUTE=0,10,20,30,40;BYSETPOS=1",
                "FREQ=MINUTELY;BYMINUTE=1,2;BYSETPOS=1",
                "FREQ=DAILY;BYSECOND=60"
            })
    void an_rrule_that_is_none_is_refused_with_a_reason(String rrule) {
        assertThat(new RuleReading().read(new Rule.RRule(rrule), START, ZONE))
                .isInstanceOfSatisfying(Reading.NotUnderstood.class, fault -> assertThat(fault.why())
                        .isNotBlank()
                        .hasSizeLessThan(400)
                        .doesNotContain("Exception", "dmfs"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"FREQ=SECONDLY", "FREQ=DAILY;BYSECOND=0,30", "freq=secondly;interval=3600"})
    void a_rule_that_fires_more_often_than_once_a_minute_is_refused(String rrule) {
        assertThat(new RuleReading().read(new Rule.RRule(rrule), START, ZONE)).isInstanceOf(Reading.TooFrequent.class);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
                "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
                "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
                "FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30",
                "FREQ=MINUTELY;BYMONTH=4;BYMONTHDAY=31;BYHOUR=3",
                "FREQ=HOURLY;INTERVAL=24;BYHOUR=5",
                "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
                "FREQ=YEARLY;BYYEARDAY=-366;BYMONTH=7",
                "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=300;BYHOUR=1,2"
            })
    void a_rule_without_any_occurrence_ends_at_once(String rrule) {
        assertThat(first(new Rule.RRule(rrule), START)).isEmpty();
        for (var cron : List.of("0 9 30 2 *", "* * 31 2,4,6,9,11 *", "0 9 L-30 2 *")) {
            assertThat(first(new Rule.Cron(cron), START)).as(cron).isEmpty();
        }
    }

    @Test
    void a_rule_that_is_rare_is_found() {
        assertThat(first(new Rule.RRule("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO"), START))
                .containsExactly(LocalDateTime.parse("2044-02-29T09:00"), LocalDateTime.parse("2072-02-29T09:00"));
        assertThat(first(new Rule.RRule("FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=29"), START)
                        .getFirst())
                .isEqualTo(LocalDateTime.parse("2028-02-29T00:00"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "20271231T090000Z, 2027-12-31T09:00:00Z",
        "20271231T090000, 2027-12-31T03:30:00Z",
        "20271231, 2027-12-31T18:29:59.999999Z"
    })
    void until_is_an_instant_or_a_local_time_or_a_whole_local_day(String until, Instant last) {
        assertThat(new RuleReading().read(new Rule.RRule("FREQ=DAILY;UNTIL=" + until), START, ZONE))
                .isInstanceOfSatisfying(Reading.Understood.class, read -> assertThat(read.until())
                        .isEqualTo(last));
    }

    @Test
    void an_uneven_interval_goes_on_over_midnight() {
        assertThat(first(new Rule.RRule("FREQ=MINUTELY;INTERVAL=90"), LocalDateTime.parse("2026-11-22T23:00:30")))
                .containsExactly(
                        LocalDateTime.parse("2026-11-22T23:00:30"), LocalDateTime.parse("2026-11-23T00:30:30"));
        var times = understood(new Rule.RRule("FREQ=HOURLY;INTERVAL=7"), START);
        assertThat(times.times()
                        .from(LocalDateTime.parse("2026-11-23T06:00:00.000001"))
                        .next())
                .isEqualTo(LocalDateTime.parse("2026-11-23T13:00"));
        assertThat(times.times()
                        .from(LocalDateTime.parse("2026-11-23T06:00:00"))
                        .next())
                .isEqualTo(LocalDateTime.parse("2026-11-23T06:00"));
    }

    private static Reading.Understood understood(Rule rule, LocalDateTime start) {
        return (Reading.Understood) new RuleReading().read(rule, start, ZONE);
    }

    private static List<LocalDateTime> first(Rule rule, LocalDateTime start) {
        var found = understood(rule, start).times().from(start);
        var listed = new ArrayList<LocalDateTime>();
        while (found.hasNext() && listed.size() < 2) {
            listed.add(found.next());
        }
        return listed;
    }
}

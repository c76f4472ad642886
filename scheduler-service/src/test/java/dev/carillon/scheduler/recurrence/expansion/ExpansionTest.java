package dev.carillon.scheduler.recurrence.expansion;

import static org.assertj.core.api.Assertions.assertThat;

import biweekly.io.text.ICalReader;
import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import dev.carillon.scheduler.recurrence.LocalTimes;
import dev.carillon.scheduler.recurrence.Rule;
import dev.carillon.scheduler.recurrence.Rules.Reading;
import java.io.IOException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.TimeZone;
import net.fortuna.ical4j.model.Recur;
import org.junit.jupiter.api.Test;

/** Rules by the thousand, expanded by other libraries, too. */
class ExpansionTest {
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
    private static final TimeZone UTC = TimeZone.getTimeZone("UTC");
    private static final DateTimeFormatter BASIC = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss");
    private static final int COMPARED = 60;

    @Test
    void rrules_give_what_another_library_gives() throws IOException {
        var rules = new RandomRules(20261122);
        for (int n = 0; n < 5_000; n++) {
            var start = rules.start();
            var rrule = rules.rrule();
            var end = start.plusYears(10);
            var theirs = isMisreadByBiweekly(rrule) ? ical4j(rrule, start, end) : biweekly(rrule, start, end);
            assertThat(first(understood(new Rule.RRule(rrule), start).from(start), end))
                    .as("%s from %s", rrule, start)
                    .isEqualTo(theirs);
        }
    }

    /** It takes no notice of the interval of days and hours that are filtered. */
    private static boolean isMisreadByBiweekly(String rrule) {
        return rrule.startsWith("FREQ=DAILY;INTERVAL=") && (rrule.contains("BYDAY") || rrule.contains("BYMONTH"))
                || rrule.startsWith("FREQ=HOURLY;INTERVAL=") && rrule.contains("BYHOUR");
    }

    @Test
    void beginning_in_the_middle_gives_the_rest() {
        var rules = new RandomRules(22);
        for (int n = 0; n < 2_000; n++) {
            var start = rules.start();
            var rrule = rules.rrule();
            var times = understood(new Rule.RRule(rrule), start);
            var all = first(times.from(start), start.plusYears(10));
            if (all.size() < 2) {
                continue;
            }
            int middle = all.size() / 2;
            assertThat(first(times.from(all.get(middle)), all.getLast()))
                    .as("%s from %s", rrule, start)
                    .isEqualTo(all.subList(middle, all.size()));
            assertThat(times.from(all.get(middle - 1).plusSeconds(1)).next())
                    .as("%s from %s", rrule, start)
                    .isEqualTo(all.get(middle));
        }
    }

    @Test
    void cron_expressions_give_what_another_library_gives() {
        var parser = new CronParser(dialect());
        var rules = new RandomRules(5);
        for (int n = 0; n < 1_000; n++) {
            var cron = rules.cron();
            var start = rules.start();
            switch (new RuleReading().read(new Rule.Cron(cron), start, ZONE)) {
                case Reading.Understood ours -> {
                    var theirs =
                            first(executions(ExecutionTime.forCron(parser.parse(cron)), start), start.plusYears(10));
                    assertThat(first(ours.times().from(start), start.plusYears(10)))
                            .as("%s from %s", cron, start)
                            .isEqualTo(theirs);
                }
                case Reading.NotUnderstood(String why) ->
                    assertThat(why).as(cron).contains("two readings");
                case Reading.TooFrequent(String why) -> throw new AssertionError(cron + why);
            }
        }
    }

    private static CronDefinition dialect() {
        return CronDefinitionBuilder.defineCron()
                .withMinutes()
                .and()
                .withHours()
                .and()
                .withDayOfMonth()
                .supportsL()
                .and()
                .withMonth()
                .and()
                .withDayOfWeek()
                .withValidRange(0, 7)
                .withMondayDoWValue(1)
                .withIntMapping(7, 0)
                .supportsHash()
                .supportsL()
                .and()
                .instance();
    }

    private static Iterator<LocalDateTime> executions(ExecutionTime cron, LocalDateTime start) {
        return new Iterator<>() {
            private LocalDateTime last = start.minusNanos(1);

            @Override
            public boolean hasNext() {
                return cron.nextExecution(last.atZone(ZoneOffset.UTC)).isPresent();
            }

            @Override
            public LocalDateTime next() {
                last = cron.nextExecution(last.atZone(ZoneOffset.UTC))
                        .orElseThrow()
                        .toLocalDateTime();
                return last;
            }
        };
    }

    private static LocalTimes understood(Rule rule, LocalDateTime start) {
        var reading = new RuleReading().read(rule, start, ZONE);
        assertThat(reading).as(rule.text()).isInstanceOf(Reading.Understood.class);
        return ((Reading.Understood) reading).times();
    }

    private static List<LocalDateTime> first(Iterator<LocalDateTime> found, LocalDateTime end) {
        var listed = new ArrayList<LocalDateTime>();
        while (listed.size() < COMPARED && found.hasNext()) {
            var one = found.next();
            if (one.isAfter(end)) {
                break;
            }
            listed.add(one);
        }
        return listed;
    }

    private static List<LocalDateTime> biweekly(String rrule, LocalDateTime start, LocalDateTime end)
            throws IOException {
        var calendar =
                "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART:%sZ\r\nRRULE:%s\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
                        .formatted(BASIC.format(start), rrule);
        try (var reader = new ICalReader(calendar)) {
            var rule = reader.readNext().getEvents().getFirst().getRecurrenceRule();
            var dates = rule.getDateIterator(Date.from(start.toInstant(ZoneOffset.UTC)), UTC);
            return first(local(dates), end);
        }
    }

    private static Iterator<LocalDateTime> local(Iterator<Date> dates) {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return dates.hasNext();
            }

            @Override
            public LocalDateTime next() {
                return LocalDateTime.ofInstant(dates.next().toInstant(), ZoneOffset.UTC);
            }
        };
    }

    private static List<LocalDateTime> ical4j(String rrule, LocalDateTime start, LocalDateTime end) {
        return new Recur<LocalDateTime>(rrule)
                .getDates(start, start, end, COMPARED).stream().sorted().toList();
    }
}

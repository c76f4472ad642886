package dev.carillon.scheduler;

import static dev.carillon.kit.testing.postgres.EmptyTablePlans.statements;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.postgres.EmptyTablePlans;
import dev.carillon.kit.testing.postgres.Migrations;
import dev.carillon.scheduler.message.store.FailureNoticeStore;
import dev.carillon.scheduler.message.store.MessageHistory;
import dev.carillon.scheduler.message.store.MessageStore;
import dev.carillon.scheduler.recurrence.store.RunStore;
import dev.carillon.scheduler.recurrence.store.ScheduleStore;
import dev.carillon.scheduler.reminder.store.KnownBookingStore;
import dev.carillon.scheduler.template.store.TemplateStore;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Plans are kept for as long as a connection, and made when tables may be empty. These are of statements that are run for each message, run or booking. */
class EmptyTablePlansTest {
    private static final String[] TABLES = {
        "message", "schedule", "schedule_run", "booking_reminders", "failure_notice", "template"
    };
    private static final Pattern TABLE_READ_AS_A_WHOLE = EmptyTablePlans.tableReadAsAWhole(TABLES);
    private static final Pattern INDEX_READ_AS_A_WHOLE = EmptyTablePlans.indexReadAsAWhole(TABLES);
    private static final EmptyTablePlans PLANS = new EmptyTablePlans(Migrations.freshService("scheduler_empty"));

    private static Map<String, String> often() {
        Map<String, String> often = new TreeMap<>();
        Stream.of(
                        statements(
                                MessageStore.class,
                                List.of(
                                        "SAVE",
                                        "SAVE_TERMS",
                                        "LOCK",
                                        "LOCK_OF_TENANT",
                                        "LOCK_OF_BOOKINGS",
                                        "FIND",
                                        "LATER",
                                        "RECALLED",
                                        "SIZES")),
                        statements(MessageHistory.class, List.of("REDACT", "FORGET")),
                        statements(FailureNoticeStore.class, List.of("FORGET")),
                        statements(
                                ScheduleStore.class,
                                List.of("SAVE", "SAVE_PROGRESS", "LOCK", "LOCK_OF_TENANT", "FIND", "DELETE")),
                        statements(
                                RunStore.class,
                                List.of(
                                        "AHEAD",
                                        "STILL_TO_COME",
                                        "REMOVE",
                                        "WITHDRAW",
                                        "WITHDRAWN",
                                        "SKIP_WITHDRAWN",
                                        "FORGET")),
                        statements(KnownBookingStore.class, List.of("SAVE", "FORGET")),
                        statements(TemplateStore.class, List.of("SAVE", "LOCK", "FIND_BY_ID", "FIND")))
                .forEach(often::putAll);
        return often;
    }

    @Test
    void no_table_or_index_is_read_as_a_whole_although_the_plan_was_made_while_it_was_empty() {
        assertThat(PLANS.of(often())).isNotEmpty().allSatisfy((name, plan) -> assertThat(plan)
                .as(name)
                .doesNotContainPattern(TABLE_READ_AS_A_WHOLE)
                .doesNotContainPattern(INDEX_READ_AS_A_WHOLE));
    }
}

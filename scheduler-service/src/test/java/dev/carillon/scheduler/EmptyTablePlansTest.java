package dev.carillon.scheduler;

import static dev.carillon.kit.testing.postgres.EmptyTablePlans.statements;

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
import org.junit.jupiter.api.Test;

/** Plans are kept for as long as a connection, and made when tables may be empty. These are of statements that are run for each message, run or booking. */
class EmptyTablePlansTest {
    private static final List<String> TABLES =
            List.of("message", "schedule", "schedule_run", "booking_reminders", "failure_notice", "template");
    private static final EmptyTablePlans PLANS = new EmptyTablePlans(Migrations.freshService("scheduler_empty"));

    @Test
    void no_table_or_index_is_read_as_a_whole_although_the_plan_was_made_while_it_was_empty() {
        PLANS.assertNoneReadsAWhole(
                TABLES,
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
                statements(TemplateStore.class, List.of("SAVE", "LOCK", "FIND_BY_ID", "FIND")));
    }
}

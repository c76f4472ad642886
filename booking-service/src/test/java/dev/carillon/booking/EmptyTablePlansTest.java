package dev.carillon.booking;

import static dev.carillon.kit.testing.postgres.EmptyTablePlans.statements;

import dev.carillon.booking.availability.store.SlotStore;
import dev.carillon.booking.bot.store.AnswerStore;
import dev.carillon.booking.bot.store.ChatStore;
import dev.carillon.booking.bot.store.UpdateStore;
import dev.carillon.booking.reservation.store.BookingStore;
import dev.carillon.booking.reservation.store.MessageNewsStore;
import dev.carillon.booking.reservation.store.WaitlistStore;
import dev.carillon.kit.testing.postgres.EmptyTablePlans;
import dev.carillon.kit.testing.postgres.Migrations;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Plans are kept for as long as a connection, and made when tables may be empty. These are of statements that are run for each booking, chat or update. */
class EmptyTablePlansTest {
    private static final List<String> TABLES = List.of(
            "booking",
            "slot",
            "waitlist_entry",
            "booking_message",
            "telegram_chat",
            "telegram_update",
            "telegram_answer");
    private static final EmptyTablePlans PLANS = new EmptyTablePlans(Migrations.freshService("booking_empty"));

    @Test
    void no_table_or_index_is_read_as_a_whole_although_the_plan_was_made_while_it_was_empty() {
        PLANS.assertNoneReadsAWhole(
                TABLES,
                statements(
                        BookingStore.class,
                        List.of("SAVE", "LOCK", "OF_IDS", "FIND", "APPOINTMENTS", "TO_BE_TOLD_OF_SLOT", "CLOSED")),
                statements(MessageNewsStore.class, List.of("LOCK", "SAVE", "OF_BOOKINGS")),
                statements(WaitlistStore.class, List.of("SAVE", "FIND", "LOCK", "LOCK_OF_OFFERS", "AWAITED")),
                statements(
                        SlotStore.class, List.of("COUNT", "CHANGE", "LOCK", "LOCK_FREE", "FIND", "BETWEEN", "SEARCH")),
                statements(ChatStore.class, List.of("LOCK_IDS", "SAVE", "SENDING", "FORGET", "OF_CUSTOMER", "ERASE")),
                statements(UpdateStore.class, List.of("FORGET")),
                statements(AnswerStore.class, List.of("FIRST", "DELETE", "TRIED", "EXISTS")));
    }
}

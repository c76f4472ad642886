package dev.carillon.booking.bot.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.Migrations;
import dev.carillon.kit.testing.postgres.Plans;
import org.junit.jupiter.api.Test;

/** Statements that read a few rows, of large tables, read no more than these: their plans are made without the parameters, and kept. */
class ChatPlansTest {
    private static final Plans PLANS = new Plans(filled());

    private static Database filled() {
        var database = Migrations.freshService("booking_plans");
        database.execute("""
                INSERT INTO telegram_chat (id, bot, tenant, chat, token, turn, step, expires_at)
                SELECT gen_random_uuid(), 1, 'acme', n::text, 'a', 0, 'idle', now() FROM generate_series(1, 50000) n
                """);
        database.execute("""
                INSERT INTO telegram_update (bot, update_id, received_at)
                SELECT 1, n, timestamptz '2020-01-01Z' + n * interval '1 minute' FROM generate_series(1, 50000) n
                """);
        database.execute("ANALYZE telegram_chat, telegram_update");
        return database;
    }

    @Test
    void the_chats_of_a_customer_are_looked_up_among_all_of_a_tenant() {
        assertThat(PLANS.of(ChatStore.OF_CUSTOMER, "text, text, text, text", "'acme', 'telegram:7', NULL, '7'"))
                .anyMatch(line -> line.contains("using chat_of_customer on telegram_chat")
                        || line.contains("Bitmap Index Scan on chat_of_customer"))
                .anyMatch(line -> line.contains("Index Cond: ") && line.contains("(chat = "));
    }

    @Test
    void old_updates_are_looked_up_and_those_that_are_kept_are_not_read() {
        assertThat(PLANS.of(UpdateStore.FORGET, "bigint, bigint", "172800, 500"))
                .anyMatch(line -> line.contains("Index Cond: (received_at <"))
                .anyMatch(line -> line.contains("TID Cond: (ctid = ANY"));
    }
}

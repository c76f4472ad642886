package dev.carillon.booking.bot.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.Plans;
import dev.carillon.kit.testing.postgres.PostgresServer;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

/** Statements that read a few rows, of large tables, read no more than these: their plans are made without the parameters, and kept. */
class ChatPlansTest {
    private static final Plans PLANS = new Plans(filled());

    private static Database filled() {
        var database = PostgresServer.shared().createFreshDatabase("booking_plans");
        Flyway.configure()
                .dataSource(database.jdbcUrl(), database.user(), database.password())
                .locations("classpath:db/kit", "classpath:db/migration")
                .placeholders(Map.of("relayRole", PostgresServer.RELAY))
                .outOfOrder(true)
                .load()
                .migrate();
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
                .anyMatch(line -> line.contains("chat_of_customer"))
                .noneMatch(line -> line.contains("Seq Scan on telegram_chat"));
    }

    @Test
    void old_updates_are_looked_up_and_those_that_are_kept_are_not_read() {
        assertThat(PLANS.of(UpdateStore.FORGET, "bigint, bigint", "172800, 500"))
                .anyMatch(line -> line.contains("Index Cond: (received_at <"))
                .noneMatch(line -> line.contains("Seq Scan"));
    }
}

package dev.carillon.scheduler.message.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.idempotency.IdempotencyKeys;
import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.Migrations;
import dev.carillon.kit.testing.postgres.Plans;
import dev.carillon.kit.tx.Tx;
import dev.carillon.scheduler.recurrence.store.RunStore;
import dev.carillon.scheduler.reminder.store.KnownBookingStore;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Statements that read a few rows, of large tables, read no more than these: their plans are made without the parameters, and kept. */
class StatementPlansTest {
    private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");
    private static final Plans PLANS = new Plans(filled());

    private static Database filled() {
        var database = Migrations.freshService("scheduler_plans");
        database.execute("""
                INSERT INTO message (id, tenant, status, revision, version, generation, channel, recipient, content, due_at, local_due_at, zone,
                                     tzdb_version, source_type, source_id, created_at, ended_at, redacted)
                SELECT gen_random_uuid(), 'acme', 'delivered', 1, 1, 1, 'webhook', '{}', '{}', m.ended, m.ended, 'UTC', '2026a',
                       CASE WHEN m.n % 2 = 0 THEN 'booking' ELSE 'api' END, (m.n / 4)::text, m.ended, m.ended, m.n % 2 = 0
                FROM (SELECT n, timestamptz '2020-01-01Z' + n * interval '1 minute' AS ended FROM generate_series(1, 50000) n) m
                """);
        database.execute("""
                INSERT INTO schedule (id, tenant, state, revision, rule_kind, rule, zone, gap, overlap, start_local, misfire, recipient, content,
                                      decided_until, created_at)
                VALUES ('00000000-0000-7000-8000-000000000001', 'acme', 'paused', 1, 'cron', '* * * * *', 'UTC', 'shift', 'first', '2020-01-01',
                        'skip', '{}', '{}', now(), now())
                """);
        database.execute("""
                INSERT INTO schedule_run (schedule_id, zone, local, second, due_at, message_id)
                SELECT '00000000-0000-7000-8000-000000000001', 'UTC', timestamp '2020-01-01' + n * interval '1 minute', false,
                       timestamptz '2020-01-01Z' + n * interval '1 minute', gen_random_uuid()
                FROM generate_series(1, 50000) n
                """);
        database.execute("""
                INSERT INTO failure_notice (message_id, generation, delivery_version, notice_id, told_at)
                SELECT gen_random_uuid(), 1, 1, gen_random_uuid(), timestamptz '2020-01-01Z' + n * interval '1 minute'
                FROM generate_series(1, 50000) n
                """);
        database.execute("""
                INSERT INTO booking_reminders (booking_id, tenant, version, status, sequence, start_at)
                SELECT gen_random_uuid(), 'acme', 1, 'booked', 0, timestamptz '2020-01-01Z' + n * interval '1 minute'
                FROM generate_series(1, 50000) n
                """);
        database.execute("""
                INSERT INTO idempotency_key (tenant, path, key, fingerprint, status, resource_id, created_at)
                SELECT 'acme', '/v1/messages', n::text, '', 201, gen_random_uuid(), timestamptz '2020-01-01Z' + n * interval '1 minute'
                FROM generate_series(1, 50000) n
                """);
        database.execute("ANALYZE message, schedule_run, failure_notice, booking_reminders, idempotency_key");
        return database;
    }

    static Stream<Arguments> sweeps() {
        return Stream.of(
                sweep("contents", "ended_at", tx -> new MessageHistory().redact(tx, LONG_AGO, 1)),
                sweep("messages", "ended_at", tx -> new MessageHistory().forget(tx, LONG_AGO, 1)),
                sweep("notices", "told_at", tx -> new FailureNoticeStore().forget(tx, LONG_AGO, 1)),
                sweep("runs", "due_at", tx -> new RunStore().forget(tx, LONG_AGO, 1)),
                sweep("bookings", "start_at", tx -> new KnownBookingStore().forget(tx, LONG_AGO, 1)));
    }

    private static Arguments sweep(String what, String since, Function<Tx, Uni<Integer>> some) {
        return Arguments.of(what, since, some);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sweeps")
    void what_is_long_past_is_found_by_when_it_ended_and_then_looked_up_row_by_row(
            String what, String since, Function<Tx, Uni<Integer>> some) {
        assertThat(PLANS.of(statement(some), "timestamptz, bigint", "now(), 500"))
                .as(what)
                .anyMatch(line -> line.contains("Index Cond: (" + since + " < "))
                .anyMatch(StatementPlansTest::looksUpRowByRow);
    }

    @Test
    void old_keys_are_looked_up_and_those_that_are_kept_are_not_read() {
        assertThat(PLANS.of(statement(tx -> new IdempotencyKeys().sweep(tx, 1)), "bigint", "500"))
                .anyMatch(line -> line.contains("Index Cond: (created_at <"))
                .anyMatch(StatementPlansTest::looksUpRowByRow);
    }

    private static boolean looksUpRowByRow(String line) {
        return line.contains("TID Cond: (ctid = ANY") || line.contains("Index Cond: (") && line.contains("id = ANY");
    }

    private static String statement(Function<Tx, Uni<Integer>> some) {
        var heard = new Heard(new ArrayList<>());
        assertThat(some.apply(heard)).isNotNull();
        return heard.statements.getFirst();
    }

    @Test
    void the_first_page_of_a_list_is_read_from_its_end_and_ends_when_it_is_full() {
        assertThat(page(null, null, null, "text, bigint", "'acme', 101"))
                .anyMatch(line -> line.contains("Index Scan Backward using message_of_tenant"))
                .anyMatch(line -> line.contains("Index Cond: (tenant = "));
    }

    @Test
    void another_page_begins_at_its_cursor_and_not_with_what_was_shown_before() {
        assertThat(page(null, null, UUID.randomUUID(), "text, uuid, bigint", "'acme', gen_random_uuid(), 101"))
                .anyMatch(line -> line.contains("Index Scan Backward"))
                .anyMatch(line -> line.contains("Index Cond") && line.contains("(id < "));
    }

    @Test
    void the_messages_of_a_booking_are_found_by_it_among_all_of_the_tenant() {
        assertThat(page("booking", "7", null, "text, text, bigint", "'acme', '7', 101"))
                .anyMatch(line -> line.contains("message_of_booking"));
    }

    private static List<String> page(
            @Nullable String sourceType,
            @Nullable String sourceId,
            @Nullable UUID before,
            String types,
            String values) {
        var filter = new MessageFilter("acme", null, null, null, null, null, sourceType, sourceId, before, 100);
        return PLANS.of(MessageStore.page(filter, Tuple.tuple()), types, values);
    }

    /** Takes statements, and runs none. */
    private record Heard(List<String> statements) implements Tx {
        @Override
        public Uni<RowSet<Row>> run(String sql, Tuple parameters) {
            statements.add(sql);
            return Uni.createFrom().nothing();
        }

        @Override
        public void afterCommit(Runnable hook) {}

        @Override
        public void afterEnd(Runnable hook) {}
    }
}

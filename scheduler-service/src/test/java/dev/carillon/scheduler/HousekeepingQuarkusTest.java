package dev.carillon.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.tx.Transactions;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class HousekeepingQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    Housekeeping housekeeping;

    @Inject
    Transactions transactions;

    @Test
    void all_runs_that_are_long_past_are_forgotten_however_many_there_are() {
        var id = UUID.randomUUID();
        transactions
                .inTransaction(tx -> tx.run("""
                                INSERT INTO schedule (id, tenant, state, revision, rule_kind, rule, zone, gap, overlap, start_local, misfire,
                                                      recipient, content, decided_until, created_at)
                                VALUES ($1, 'acme', 'paused', 1, 'cron', '* * * * *', 'UTC', 'shift', 'first', '2020-01-01', 'skip',
                                        '{}', '{}', now(), now())
                                """, Tuple.of(id)).chain(() -> tx.run("""
                                INSERT INTO schedule_run (schedule_id, zone, local, second, due_at, message_id)
                                SELECT $1, 'UTC', timestamp '2020-01-01' + n * interval '1 minute', false,
                                       timestamptz '2020-01-01Z' + n * interval '1 minute', gen_random_uuid()
                                FROM generate_series(1, 25000) n
                                """, Tuple.of(id))))
                .await()
                .atMost(PATIENCE);
        assertThat(housekeeping.forgetRuns().await().atMost(PATIENCE)).isGreaterThanOrEqualTo(25_000);
        var left = transactions
                .list("SELECT count(*) FROM schedule_run WHERE schedule_id = $1", Tuple.of(id), row -> row.getLong(0))
                .await()
                .atMost(PATIENCE);
        assertThat(left).containsExactly(0L);
    }

    @Test
    void notices_of_failures_are_forgotten_when_no_news_of_them_can_come_any_more_and_not_before() {
        var id = UUID.randomUUID();
        transactions.inTransaction(tx -> tx.run("""
                        INSERT INTO failure_notice (message_id, generation, delivery_version, notice_id, told_at)
                        SELECT $1, 1, n, gen_random_uuid(), now() - n * interval '1 day' FROM generate_series(390, 410) n
                        """, Tuple.of(id))).await().atMost(PATIENCE);
        housekeeping.forgetNotices().await().atMost(PATIENCE);
        var left = transactions
                .list(
                        "SELECT max(delivery_version) FROM failure_notice WHERE message_id = $1",
                        Tuple.of(id),
                        row -> row.getLong(0))
                .await()
                .atMost(PATIENCE);
        assertThat(left).containsExactly(399L);
    }
}

package dev.carillon.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.http.Api;
import dev.carillon.kit.tx.Sweeps;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.scheduler.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class HousekeepingQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    Sweeps sweeps;

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
        assertThat(sweeps.run(housekeeping.runs()).await().atMost(PATIENCE)).isGreaterThanOrEqualTo(25_000);
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
        sweeps.run(housekeeping.notices()).await().atMost(PATIENCE);
        var left = transactions
                .list(
                        "SELECT max(delivery_version) FROM failure_notice WHERE message_id = $1",
                        Tuple.of(id),
                        row -> row.getLong(0))
                .await()
                .atMost(PATIENCE);
        assertThat(left).containsExactly(399L);
    }

    @Test
    void a_message_that_ended_long_ago_keeps_its_history_without_recipient_and_content_and_is_forgotten_later() {
        var tenant = "acme-" + UUID.randomUUID();
        var pending = message(tenant, "scheduled", null);
        var recent = message(tenant, "delivered", 29);
        var old = message(tenant, "failed", 31);
        var oldest = message(tenant, "delivered", 401);
        assertThat(sweeps.run(housekeeping.contents()).await().atMost(PATIENCE)).isGreaterThanOrEqualTo(2);
        assertThat(sweeps.run(housekeeping.messages()).await().atMost(PATIENCE)).isGreaterThanOrEqualTo(1);
        assertThat(sweeps.run(housekeeping.contents()).await().atMost(PATIENCE))
                .as("redacted once")
                .isZero();

        var api = Api.of(tenant);
        api.get("/v1/messages/" + oldest).expect(404);
        var redacted = api.get("/v1/messages/" + old).expect(200);
        assertThat(redacted.at("/status")).isEqualTo("failed");
        assertThat(redacted.at("/to/address")).isEqualTo("redacted");
        assertThat(redacted.at("/content/text")).isEqualTo("redacted");
        assertThat(redacted.at("/error")).isEqualTo("redacted");
        assertThat(redacted.text()).doesNotContain("ana@example.org", "blood", "patient");
        for (var whole : List.of(pending, recent)) {
            assertThat(api.get("/v1/messages/" + whole).expect(200).text())
                    .contains("ana@example.org", "blood", "patient");
        }
    }

    /** Created three years ago, since age is no reason to touch it. */
    private UUID message(String tenant, String status, @Nullable Integer endedDaysAgo) {
        var id = UUID.randomUUID();
        transactions
                .inTransaction(tx -> tx.run("""
                        INSERT INTO message (id, tenant, status, revision, version, generation, channel, recipient, content, due_at,
                                             local_due_at, zone, tzdb_version, metadata, source_type, source_id, created_at, ended_at, error)
                        VALUES ($1, $2, $3, 1, 1, 1, 'email', '{"channel":"email","address":"ana@example.org"}',
                                '{"subject":"Your blood test","text":"See you at 9."}', now() + interval '300 days', now(), 'UTC', '2026a',
                                '{"patient":"42"}', 'api', 'tester', now() - interval '3 years', now() - $4::int * interval '1 day',
                                '550 <ana@example.org> unknown')
                        """, Tuple.of(id, tenant, status, endedDaysAgo)))
                .await()
                .atMost(PATIENCE);
        return id;
    }
}

package dev.carillon.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.delivery.support.ShortWaits;
import dev.carillon.kit.tx.Sweeps;
import dev.carillon.kit.tx.Transactions;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(ShortWaits.class)
class HousekeepingQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String tenant = "tenant-" + UUID.randomUUID();

    @Inject
    Sweeps sweeps;

    @Inject
    Housekeeping housekeeping;

    @Inject
    Transactions transactions;

    @Test
    void deliveries_that_ended_long_ago_are_forgotten_with_their_attempts_however_many_there_are() {
        insert(4_100, "delivered", "31 days");
        insert(3, "dead", "31 days");
        insert(2, "recalled", "29 days");

        assertThat(sweeps.run(housekeeping.deliveries()).await().atMost(PATIENCE))
                .isGreaterThanOrEqualTo(4_103);

        assertThat(count("SELECT count(*) FROM delivery WHERE tenant = $1")).isEqualTo(2);
        assertThat(count("SELECT count(*) FROM attempt a JOIN delivery d ON d.id = a.delivery_id WHERE d.tenant = $1"))
                .isEqualTo(2);
        assertThat(sweeps.run(housekeeping.deliveries()).await().atMost(PATIENCE))
                .isZero();
    }

    @Test
    void what_has_not_ended_is_kept_however_old_it_is() {
        insert(5, "held", null);
        sweeps.run(housekeeping.deliveries()).await().atMost(PATIENCE);
        assertThat(count("SELECT count(*) FROM delivery WHERE tenant = $1")).isEqualTo(5);
    }

    @Test
    void redrives_that_ended_long_ago_are_forgotten_and_one_that_runs_is_not() {
        transactions.inTransaction(tx -> tx.run("""
                        INSERT INTO redrive (id, tenant, state, rate_per_second, total, position, created_by, created_at, ended_at)
                        SELECT gen_random_uuid(), $1, CASE n WHEN 0 THEN 'running' ELSE 'done' END, 1, 0, gen_random_uuid(), 'ann',
                               now() - interval '99 days', CASE n WHEN 0 THEN NULL ELSE now() - n * interval '10 days' END
                        FROM generate_series(0, 5) n
                        """, Tuple.of(tenant))).await().atMost(PATIENCE);

        sweeps.run(housekeeping.redrives()).await().atMost(PATIENCE);

        assertThat(count("SELECT count(*) FROM redrive WHERE tenant = $1")).isEqualTo(3);
        assertThat(count("SELECT count(*) FROM redrive WHERE tenant = $1 AND state = 'running'"))
                .isEqualTo(1);
    }

    @Test
    void a_delivery_is_not_forgotten_before_the_inbox_has_forgotten_its_events() {
        assertThatThrownBy(() -> Housekeeping.check(Duration.ofDays(29), Duration.ofDays(30)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("carillon.delivery.retention is PT696H")
                .hasMessageContaining("carillon.inbox.retention");
        assertThatCode(() -> Housekeeping.check(Duration.ofDays(30), Duration.ofDays(30)))
                .doesNotThrowAnyException();
    }

    private void insert(int number, String status, @Nullable String endedAgo) {
        transactions
                .inTransaction(tx -> tx.run("""
                        WITH gone AS (
                            INSERT INTO delivery (id, tenant, message_id, generation, status, version, channel, destination, content, due_at,
                                                  attempt_at, ended_at, created_at)
                            SELECT gen_random_uuid(), $1, gen_random_uuid(), 1, $2, 1, 'webhook', '{}', '{}', now() - interval '90 days',
                                   now() + interval '90 days', now() - $3::text::interval, now() - interval '90 days'
                            FROM generate_series(1, $4)
                            RETURNING id)
                        INSERT INTO attempt (delivery_id, number, started_at) SELECT id, 1, now() FROM gone
                        """, Tuple.of(tenant, status, endedAgo, number)))
                .await()
                .atMost(PATIENCE);
    }

    private long count(String sql) {
        return transactions
                .list(sql, Tuple.of(tenant), row -> row.getLong(0))
                .await()
                .atMost(PATIENCE)
                .getFirst();
    }
}

package dev.carillon.kit.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.Migrations;
import dev.carillon.kit.testing.postgres.PostgresServer;
import org.junit.jupiter.api.Test;

class InsertOnlyOutboxTest {
    private final Database database = PostgresServer.shared().createFreshDatabase("kit");

    @Test
    void events_that_were_not_yet_published_stay_in_their_order_and_new_ones_come_after_all_that_ever_were() {
        migrate("2");
        append("a", "b", "c", "published");
        database.execute("DELETE FROM outbox_event WHERE record_key = 'published'");

        migrate("3");
        append("d");

        assertThat(database.texts("SELECT record_key || seq FROM outbox_event ORDER BY seq"))
                .containsExactly("a1", "b2", "c3", "d6");
        assertThat(database.texts("SELECT count(DISTINCT xid)::text FROM outbox_event"))
                .as("the former ones are one batch")
                .containsExactly("2");
    }

    @Test
    void there_are_partitions_of_utc_days_from_yesterday_to_eight_days_ahead() {
        migrate("3");

        assertThat(database.texts("SELECT name FROM outbox_partition ORDER BY from_at"))
                .hasSize(10)
                .isEqualTo(database.texts("SELECT inhrelid::regclass::text FROM pg_inherits"
                        + " WHERE inhparent = 'outbox_event'::regclass ORDER BY 1"));
        assertThat(database.texts("SELECT name FROM outbox_partition WHERE clock_timestamp() >= from_at"))
                .hasSizeBetween(2, 3);
        assertThat(database.texts("SELECT name FROM outbox_partition WHERE to_at - from_at <> interval '1 day'"
                        + " OR extract(hour FROM from_at AT TIME ZONE 'UTC') <> 0"))
                .isEmpty();
    }

    @Test
    void a_day_is_attached_once_and_readable_to_the_relay() {
        migrate("3");

        assertThat(database.texts("SELECT outbox_attach_partition('2031-02-03')::text"))
                .containsExactly("true");
        assertThat(database.texts("SELECT outbox_attach_partition('2031-02-03')::text"))
                .containsExactly("false");

        assertThat(database.texts("SELECT has_table_privilege('" + PostgresServer.RELAY
                        + "', 'outbox_event_20310203', 'SELECT')::text"))
                .containsExactly("true");
    }

    private void migrate(String version) {
        Migrations.ofKit(database).target(version).load().migrate();
    }

    private void append(String... keys) {
        for (String key : keys) {
            database.execute(
                    "INSERT INTO outbox_event (lane, event_id, topic, record_key, type, source, subject, tenant, version, occurred_at, payload)"
                            + " VALUES (1, gen_random_uuid(), 't', '" + key + "', 't', 's', 's', 't', 1, now(), '')");
        }
    }
}

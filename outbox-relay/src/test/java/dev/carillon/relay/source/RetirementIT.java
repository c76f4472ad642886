package dev.carillon.relay.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.outbox.Partitions;
import dev.carillon.kit.testing.postgres.Database;
import io.vertx.mutiny.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The service's keeper of partitions and the relay, over one outbox. */
class RetirementIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RelayFixture relays = new RelayFixture();
    private final String topic = RelayFixture.newTopic();
    private final Vertx vertx = Vertx.vertx();
    private final Partitions keeper =
            new Partitions(vertx, ownersOptions(), now -> now.plus(Duration.ofDays(this.daysOn)));
    private volatile int daysOn;

    @AfterEach
    void end() {
        relays.close();
        vertx.close().await().indefinitely();
    }

    @Test
    void what_a_long_transaction_commits_into_a_partition_that_is_being_detached_is_published_before_that_is_dropped()
            throws SQLException {
        relays.startRelay();
        try (var reader = RelayFixture.read(topic);
                Connection held = relays.outbox.begin()) {
            OutboxFixture.append(held, topic, "slow", 1, "{}");
            appendInEveryLane(1);
            reader.until(PATIENCE, read -> read.distinct() == 64);
            daysOn = 3;
            keep();
            assertThat(relays.outbox.count("pg_inherits WHERE inhdetachpending"))
                    .isEqualTo(1);
            appendInEveryLane(2);
            reader.until(PATIENCE, read -> read.distinct() == 128);

            held.commit();

            reader.until(PATIENCE, read -> read.distinct() == 129);
            keep();
            appendInEveryLane(3);
            await().atMost(PATIENCE).until(() -> {
                keep();
                return relays.outbox.count("outbox_partition WHERE state <> 'attached'") == 0;
            });
            appendInEveryLane(4);
            reader.until(PATIENCE, read -> read.distinct() == 257);
            await().atMost(PATIENCE).until(relays::unpublished, left -> left == 0);
            assertThat(reader.toTheEnd().firstVersionsByKey())
                    .allSatisfy((key, versions) -> assertThat(versions).isSorted());
        }
    }

    @Test
    void a_partition_that_no_relay_has_read_yet_is_read_out_after_its_detach_by_one_that_starts_later() {
        try (var reader = RelayFixture.read(topic)) {
            appendInEveryLane(1);
            daysOn = 3;
            keep();
            keep();
            assertThat(relays.outbox.count("pg_inherits i JOIN outbox_partition p ON i.inhrelid = p.name::regclass"
                            + " WHERE p.state <> 'attached'"))
                    .as("all are detached")
                    .isZero();

            relays.startRelay();

            reader.until(PATIENCE, read -> read.distinct() == 64);
            appendInEveryLane(2);
            await().atMost(PATIENCE).until(() -> {
                keep();
                return relays.outbox.count("outbox_partition WHERE state <> 'attached'") == 0;
            });
            reader.until(PATIENCE, read -> read.distinct() == 128);
            assertThat(reader.toTheEnd().records()).isEqualTo(128);
        }
    }

    @Test
    void a_partition_that_is_attached_while_a_relay_runs_is_read_at_once() {
        relays.startRelay();
        try (var reader = RelayFixture.read(topic)) {
            appendInEveryLane(1);
            reader.until(PATIENCE, read -> read.distinct() == 64);

            daysOn = 20;
            keep();
            appendInEveryLane(2);

            reader.until(PATIENCE, read -> read.distinct() == 128);
        }
    }

    private void keep() {
        // The one before may not have quite ended.
        await().atMost(PATIENCE).until(keeper::keep);
    }

    private void appendInEveryLane(long version) {
        relays.outbox.execute("""
                INSERT INTO outbox_event (lane, appended_at, event_id, topic, record_key, type, source, subject, tenant, version, occurred_at, payload)
                SELECT lane, clock_timestamp() + interval '%d days', gen_random_uuid(), '%s', 'key-' || lane, 'carillon.test.happened.v1', '/test', 'key',
                       'tenant', %d, clock_timestamp(), '{}'
                FROM outbox_lane
                """.formatted(daysOn, topic, version));
    }

    private PgConnectOptions ownersOptions() {
        Database owner = relays.outbox.owner();
        return new PgConnectOptions()
                .setHost(owner.host())
                .setPort(owner.port())
                .setDatabase(owner.name())
                .setUser(owner.user())
                .setPassword(owner.password());
    }
}

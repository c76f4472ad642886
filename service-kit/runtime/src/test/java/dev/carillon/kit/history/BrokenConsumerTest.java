package dev.carillon.kit.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.KitDatabase;
import dev.carillon.kit.testing.history.Excuses;
import dev.carillon.kit.testing.history.Finding;
import dev.carillon.kit.testing.history.HistoryChecker;
import dev.carillon.kit.testing.history.Published;
import dev.carillon.kit.testing.history.Recorder;
import dev.carillon.kit.testing.history.Rule;
import dev.carillon.kit.testing.history.Written;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Consumers over a real database, which crash in the middle of an event and are given it again. Each is wrong in one way, but for the first. The topic
 * is a list: what it would hand out again is known.
 */
class BrokenConsumerTest {
    private final Recorder recorder = new Recorder();
    private final Written event = new Written(UUID.randomUUID(), "topic", "k", 1);
    private KitDatabase db;

    @BeforeEach
    void publish() {
        db = KitDatabase.fresh();
        db.execute("CREATE TABLE seen (event_id uuid PRIMARY KEY)");
        db.execute("CREATE TABLE effect (event_id uuid)");
        recorder.written(event);
        recorder.committed(Set.of(event.id()));
        recorder.published(new Published(event.id(), "topic", 0, 0, Instant.now()));
    }

    @AfterEach
    void stop() {
        db.close();
    }

    @Test
    void one_that_sees_and_applies_in_one_transaction_has_one_effect_though_it_crashes() throws SQLException {
        for (Crash crash : List.of(Crash.BETWEEN, Crash.NEVER, Crash.NEVER)) {
            try (Connection connection = begin()) {
                if (see(connection) && crash == Crash.NEVER) {
                    apply(connection);
                    connection.commit();
                }
            }
        }
        assertThat(findings()).isEmpty();
    }

    @Test
    void one_that_applies_in_a_transaction_of_its_own_before_it_has_seen_applies_twice() throws SQLException {
        for (Crash crash : List.of(Crash.BETWEEN, Crash.NEVER)) {
            if (count("seen") == 0) {
                inItsOwnTransaction(this::apply);
                if (crash == Crash.NEVER) {
                    inItsOwnTransaction(this::see);
                }
            }
        }
        assertFound(Rule.ONE_EFFECT);
    }

    @Test
    void one_that_has_seen_in_a_transaction_of_its_own_before_it_applies_never_applies() throws SQLException {
        for (Crash crash : List.of(Crash.BETWEEN, Crash.NEVER)) {
            if (count("seen") == 0) {
                inItsOwnTransaction(this::see);
                if (crash == Crash.NEVER) {
                    inItsOwnTransaction(this::apply);
                }
            }
        }
        assertFound(Rule.PUBLISHED_HAS_ITS_EFFECT);
    }

    private enum Crash {
        BETWEEN,
        NEVER
    }

    @FunctionalInterface
    private interface Step {
        Object run(Connection connection) throws SQLException;
    }

    private void inItsOwnTransaction(Step step) throws SQLException {
        try (Connection connection = begin()) {
            step.run(connection);
            connection.commit();
        }
    }

    private Connection begin() throws SQLException {
        Connection connection = db.database.connect();
        connection.setAutoCommit(false);
        return connection;
    }

    private boolean see(Connection connection) throws SQLException {
        return insert(connection, "INSERT INTO seen VALUES (?) ON CONFLICT DO NOTHING") == 1;
    }

    private boolean apply(Connection connection) throws SQLException {
        return insert(connection, "INSERT INTO effect VALUES (?)") == 1;
    }

    private int insert(Connection connection, String sql) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            statement.setObject(1, event.id());
            return statement.executeUpdate();
        }
    }

    private long count(String table) {
        return db.count("SELECT count(*) FROM " + table);
    }

    private void assertFound(Rule rule) {
        assertThat(findings()).singleElement().satisfies(finding -> {
            assertThat(finding.rule()).isEqualTo(rule);
            assertThat(finding.event()).isEqualTo(event.id());
        });
    }

    private List<Finding> findings() {
        List<UUID> effects = new ArrayList<>();
        db.texts("SELECT event_id::text FROM effect").forEach(id -> effects.add(UUID.fromString(id)));
        recorder.applied("consumer", Set.of("topic"), effects);
        return HistoryChecker.check(recorder.history(new Excuses(Duration.ofSeconds(1), Duration.ofSeconds(1))));
    }
}

package dev.carillon.kit.inbox;

import static dev.carillon.kit.inbox.InboxFixture.PATIENCE;
import static dev.carillon.kit.inbox.InboxFixture.headers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.kit.inbox.InboxFixture.Settings;
import dev.carillon.kit.testing.postgres.Migrations;
import dev.carillon.kit.testing.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InboxDaysTest {
    private static final String ATTACHED =
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'inbox'::regclass ORDER BY 1";

    private InboxFixture on;
    private LocalDate today;

    @BeforeEach
    void start() {
        on = new InboxFixture();
        today = LocalDate.now(ZoneOffset.UTC);
    }

    @AfterEach
    void stop() {
        on.close();
    }

    @Test
    void an_event_is_known_again_on_whichever_day_it_comes() {
        var lastOfToday = idOf(today.plusDays(1), -1);
        var firstOfTomorrow = idOf(today.plusDays(1), 0);
        on.consume(on.message(lastOfToday, "a"), on.message(firstOfTomorrow, "b"));
        keepAt(today.plusDays(1));
        on.consume(on.message(firstOfTomorrow, "b"), on.message(lastOfToday, "a"));
        assertThat(on.effects()).containsExactly("a", "b");
        assertThat(on.db.count("SELECT count(DISTINCT tableoid) FROM inbox")).isEqualTo(2);
    }

    @Test
    void days_are_made_ahead_and_dropped_after_the_retention() {
        keepAt(today);
        keepAt(today.plusDays(20));
        assertThat(on.db.texts(ATTACHED))
                .hasSize(1 + 27)
                .contains("inbox_before", nameOf(today.plusDays(1)), nameOf(today.plusDays(27)));
        keepAt(today.plusDays(40));
        assertThat(on.db.texts(ATTACHED))
                .hasSize(38)
                .doesNotContain("inbox_before", nameOf(today.plusDays(9)))
                .contains(nameOf(today.plusDays(10)), nameOf(today.plusDays(47)));
        assertThat(on.db.count("SELECT count(*) FROM pg_class WHERE relname = 'inbox_before'"))
                .isZero();
    }

    @Test
    void an_event_older_than_the_oldest_day_becomes_a_dead_letter_and_is_never_applied() {
        var old = on.id();
        on.consume(on.message(old, "old"));
        keepAt(today.plusDays(40));
        on.consume(on.message(old, "old"), on.message(idOf(today.plusDays(40), 5), "new"));
        assertThat(on.effects()).containsExactly("old", "new");
        assertThat(on.deadLetters).singleElement().satisfies(letter -> assertThat(headers(letter))
                .containsEntry("x-carillon-dlq-reason", "too-old")
                .containsEntry("x-carillon-dlq-error", "too-old: the event's id is of " + today));
    }

    @Test
    void a_day_that_another_instance_dropped_is_noticed() {
        on.consume(on.message("a"));
        var other = new InboxKeeper(on.db.vertx.getDelegate(), new Settings(), on.db.transactions);
        other.keep(today.plusDays(40)).await().atMost(PATIENCE);
        on.consume(on.message(idOf(today, 1), "too old"), on.message(idOf(today.plusDays(40), 1), "b"));
        assertThat(on.effects()).containsExactly("a", "b");
        assertThat(on.deadLetters).singleElement().satisfies(letter -> assertThat(headers(letter))
                .containsEntry("x-carillon-dlq-reason", "too-old"));
    }

    @Test
    void an_event_from_the_far_future_becomes_a_dead_letter_and_fails_no_batch() {
        on.consume(on.message(idOf(today.plusDays(9), 0), "of a wrong clock"), on.message("a"));
        assertThat(on.effects()).containsExactly("a");
        assertThat(on.deadLetters).singleElement().satisfies(letter -> assertThat(headers(letter))
                .containsEntry("x-carillon-dlq-reason", "from-the-future"));
    }

    @Test
    void a_service_that_was_down_for_weeks_makes_its_days_before_it_applies_anything() {
        on.db.execute("DELETE FROM inbox");
        for (var partition : on.db.texts(ATTACHED)) {
            if (!partition.equals("inbox_before")) {
                on.db.execute("DROP TABLE " + partition);
            }
        }
        // As if the last day that was made were long past.
        on.db.execute("ALTER TABLE inbox DETACH PARTITION inbox_before");
        on.db.execute("ALTER TABLE inbox ATTACH PARTITION inbox_before FOR VALUES FROM (MINVALUE) TO ('%s')"
                .formatted(Remembered.firstOf(today.minusDays(5))));
        on.consume(on.message(idOf(today.minusDays(2), 1), "while it was down"), on.message("now"));
        assertThat(on.effects()).containsExactly("while it was down", "now");
        assertThat(on.deadLetters).isEmpty();
    }

    @Test
    void what_was_left_half_dropped_is_finished_the_next_time() throws SQLException {
        keepAt(today.plusDays(20));
        on.db.execute("ALTER TABLE inbox DETACH PARTITION inbox_before");
        cutOffDetaching(nameOf(today.plusDays(1)));
        assertThat(on.db.count("SELECT count(*) FROM pg_inherits WHERE inhdetachpending"))
                .isOne();
        keepAt(today.plusDays(20));
        assertThat(on.db.texts("SELECT relname::text FROM pg_class WHERE relkind = 'r' AND relname LIKE 'inbox\\_%'"))
                .doesNotContain("inbox_before", nameOf(today.plusDays(1)))
                .contains(nameOf(today.plusDays(2)));
    }

    /** A concurrent detach waits for whoever has read the table, and is cancelled while it does. */
    private void cutOffDetaching(String partition) throws SQLException {
        try (var reader = connect();
                var reading = reader.createStatement();
                var other = connect();
                var detaching = other.createStatement()) {
            reader.setAutoCommit(false);
            reading.execute("SELECT count(*) FROM inbox");
            detaching.execute("SET statement_timeout = '500ms'");
            assertThatThrownBy(() ->
                            detaching.execute("ALTER TABLE inbox DETACH PARTITION " + partition + " CONCURRENTLY"))
                    .hasMessageContaining("statement timeout");
        }
    }

    private Connection connect() throws SQLException {
        var database = on.db.database;
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }

    @Test
    void two_instances_that_look_after_the_days_at_once_do_not_disturb_each_other() {
        var other = new InboxKeeper(on.db.vertx.getDelegate(), new Settings(), on.db.transactions);
        var one = on.keeper.keep(today.plusDays(35)).subscribeAsCompletionStage();
        other.keep(today.plusDays(35)).await().atMost(PATIENCE);
        one.join();
        keepAt(today.plusDays(35));
        assertThat(on.db.texts(ATTACHED)).hasSize(38);
    }

    @Test
    void rows_of_before_are_kept_by_the_migration() throws SQLException {
        var database = PostgresServer.shared().createFreshDatabase("kit");
        var migrations = Migrations.ofKit(database);
        migrations.target("0002").load().migrate();
        var ids = List.of(
                on.id(), idOf(today.minusDays(100), 3), idOf(today.plusDays(2), 3), idOf(today.plusDays(60), 3));
        try (var connection = DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
                var statement = connection.createStatement()) {
            for (var id : ids) {
                statement.execute("INSERT INTO inbox (consumer, event_id) VALUES ('tester', '%s')".formatted(id));
            }
            migrations.target("latest").load().migrate();
            try (var kept = statement.executeQuery("SELECT count(*) FROM inbox")) {
                kept.next();
                // Of the last one no event is applied any more.
                assertThat(kept.getLong(1)).isEqualTo(3);
            }
        }
    }

    @Test
    void a_retention_that_forgets_what_may_come_again_is_refused() {
        var settings =
                new Settings(Duration.ofDays(21), Duration.ofDays(7), Duration.ofDays(14), new Settings().flood());
        assertThatThrownBy(settings::check)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("carillon.inbox.retention");
        new Settings().check();
    }

    private void keepAt(LocalDate day) {
        on.keeper.keep(day).await().atMost(PATIENCE);
    }

    /** An id of that day, so many milliseconds after (or before) its start. */
    private static UUID idOf(LocalDate day, long millis) {
        long start = day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
        return new UUID((start + millis) << 16 | 0x7abc, 0x8000_0000_0000_0000L | 42);
    }

    private static String nameOf(LocalDate day) {
        return "inbox_" + day.toString().replace("-", "");
    }
}

package dev.carillon.kit.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.carillon.kit.KitDatabase;
import dev.carillon.kit.outbox.PartitionRound.Step;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PartitionsTest {
    private static final String COLUMNS =
            " (lane, event_id, topic, record_key, type, source, subject, tenant, version, occurred_at, payload)"
                    + " VALUES (7, gen_random_uuid(), 't', 'k', 'type', '/s', 'k', 'acme', 1, now(), '')";

    private final KitDatabase kit = KitDatabase.fresh();
    private final LocalDate today =
            LocalDate.parse(kit.texts("SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date::text")
                    .getFirst());
    private volatile int daysOn;

    @AfterEach
    void close() {
        kit.close();
    }

    @Test
    void days_are_attached_a_week_ahead_and_retired_when_two_days_old() {
        daysOn = 3;

        assertThat(keeper().keep()).isTrue();

        assertThat(in("attached")).isEqualTo(days(2, 11));
        assertThat(in("retiring")).isEqualTo(days(-1, 1));
        assertThat(kit.texts("SELECT inhrelid::regclass::text FROM pg_inherits"
                        + " WHERE inhparent = 'outbox_event'::regclass ORDER BY 1"))
                .isEqualTo(days(2, 11));
        assertThat(kit.count("SELECT count(*) FROM outbox_partition p"
                        + " WHERE NOT has_table_privilege('relay', p.name, 'SELECT')"))
                .as("the relay reads them by name")
                .isZero();
    }

    @Test
    void a_partition_is_dropped_only_when_every_lane_was_read_beyond_it() {
        append();
        daysOn = 3;
        keep(3);
        assertThat(in("retiring")).as("no lane was read yet").hasSize(3);

        savePositions("WHERE lane <> 7");
        keep(2);
        assertThat(in("retiring")).as("its own lane was not").hasSize(3);

        savePositions("WHERE lane = 7");
        keep(1);
        assertThat(in("drained")).isEqualTo(days(-1, 1));
        keep(1);

        assertThat(in("drained")).isEmpty();
        assertThat(kit.count("SELECT count(*) FROM pg_class WHERE relname = $1", name(0)))
                .isZero();
    }

    @Test
    void a_relay_that_stands_still_for_days_keeps_its_partitions() {
        savePositions("");
        append();
        for (daysOn = 1; daysOn < 12; daysOn++) {
            keep(2);
        }

        assertThat(in("retiring")).isEqualTo(days(-1, 9));
        assertThat(kit.count("SELECT count(*) FROM " + name(0))).isEqualTo(1);
    }

    @Test
    void what_a_transaction_held_open_commits_into_a_partition_that_is_being_detached_keeps_it() throws SQLException {
        try (Connection held = begin()) {
            insert(held);
            daysOn = 3;
            keep(2);
            savePositions("");
            keep(2);
            assertThat(in("retiring")).as("cannot be detached").contains(name(0));

            held.commit();
        }
        keep(1);
        assertThat(kit.count(
                        "SELECT count(*) FROM outbox_partition WHERE name = $1 AND retired_at IS NOT NULL", name(0)))
                .isEqualTo(1);
        keep(2);
        assertThat(kit.count("SELECT count(*) FROM " + name(0)))
                .as("the positions are from before its commit")
                .isEqualTo(1);

        savePositions("");
        keep(2);
        assertThat(in("retiring")).isEmpty();
        assertThat(in("drained")).isEmpty();
    }

    @Test
    void an_open_transaction_that_never_appended_keeps_nothing() throws SQLException {
        try (Connection held = begin();
                var statement = held.createStatement()) {
            statement.execute("SELECT pg_current_xact_id()");
            append();
            daysOn = 3;
            keep(1);
            savePositions("");

            keep(2);

            assertThat(in("retiring")).isEmpty();
            assertThat(in("drained")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_keeper_that_dies_before_a_step_is_carried_on_by_the_next_one(Step fatal) throws SQLException {
        append();
        try (Connection held = begin()) {
            insert(held);
            daysOn = 3;
            tryToKeep(fatal);
            tryToKeep(fatal);
            held.commit();
        }
        tryToKeep(fatal);
        savePositions("");
        tryToKeep(fatal);
        tryToKeep(fatal);
        daysOn = 2;
        tryToKeep(fatal);
        daysOn = 3;

        keep(1);
        savePositions("");
        keep(2);

        assertThat(in("attached")).isEqualTo(days(2, 11));
        assertThat(in("retiring")).isEmpty();
        assertThat(in("drained")).isEmpty();
        assertThat(kit.count("SELECT count(*) FROM pg_class WHERE relname LIKE 'outbox_event_2%' AND relkind = 'r'"))
                .isEqualTo(10);
    }

    @Test
    void keepers_at_once_do_not_disturb_each_other() {
        append();
        for (daysOn = 1; daysOn <= 6; daysOn++) {
            List<CompletableFuture<Boolean>> rounds = IntStream.range(0, 4)
                    .mapToObj(keeper -> CompletableFuture.supplyAsync(() -> keeper().keep()))
                    .toList();
            assertThat(rounds.stream().map(CompletableFuture::join)).contains(true);
            savePositions("");
        }
        daysOn = 6;
        keep(2);

        assertThat(in("attached")).isEqualTo(days(5, 14));
        assertThat(in("drained")).isEmpty();
    }

    @Test
    void a_clock_that_jumps_ahead_and_back_loses_nothing_and_the_outbox_takes_events_again() throws SQLException {
        append();
        daysOn = 30;
        keep(1);
        assertThatThrownBy(this::append).hasMessageContaining("no partition");

        daysOn = 0;
        keep(1);
        append();

        assertThat(kit.count("SELECT count(*) FROM outbox_event")).isEqualTo(2);
        assertThat(in("attached")).containsAll(days(-1, 8));
        assertThat(in("retiring")).isEmpty();
    }

    @Test
    void a_clock_that_jumps_back_in_the_midst_of_a_detach_is_good_for_appending_as_soon_as_that_has_ended()
            throws SQLException {
        try (Connection held = begin()) {
            insert(held);
            daysOn = 30;
            keep(1);
            daysOn = 0;
            keep(1);
            held.commit();
        }

        keep(1);
        append();

        assertThat(kit.count("SELECT count(*) FROM outbox_event")).isEqualTo(2);
    }

    @Test
    void a_clock_that_jumps_back_over_what_was_dropped_finds_new_partitions() {
        daysOn = 30;
        keep(1);
        savePositions("");
        keep(2);
        assertThat(in("attached")).isEqualTo(days(29, 38));

        daysOn = 0;
        keep(1);
        append();

        assertThat(kit.count("SELECT count(*) FROM outbox_event")).isEqualTo(1);
    }

    @Test
    void in_a_restored_database_nothing_is_retired_before_it_is_adopted() {
        append();
        savePositions("");
        kit.execute("UPDATE outbox_identity SET adopted_by = 'as a restore writes it anew'");
        daysOn = 3;

        keep(3);

        assertThat(in("attached")).isEqualTo(days(-1, 11));
    }

    private void keep(int rounds) {
        for (int round = 0; round < rounds; round++) {
            // The one before may not have quite ended.
            await().atMost(Duration.ofSeconds(30)).until(() -> keeper().keep());
        }
    }

    private Partitions keeper() {
        return keeper(step -> {});
    }

    private Partitions keeper(Consumer<Step> before) {
        return new Partitions(kit.vertx, kit.connectOptions(), now -> now.plus(Duration.ofDays(daysOn)), before);
    }

    private void tryToKeep(Step fatal) {
        try {
            keeper(step -> {
                        if (step == fatal) {
                            throw new IllegalStateException("killed before " + step);
                        }
                    })
                    .keep();
        } catch (IllegalStateException killed) {
            assertThat(killed).hasMessageContaining(fatal.name());
        }
    }

    private void append() {
        kit.execute("INSERT INTO outbox_event" + COLUMNS);
    }

    private static void insert(Connection transaction) throws SQLException {
        try (var statement = transaction.createStatement()) {
            statement.execute("INSERT INTO outbox_event" + COLUMNS);
        }
    }

    private Connection begin() throws SQLException {
        Connection connection = kit.database.connect();
        connection.setAutoCommit(false);
        return connection;
    }

    /** As relays do that have published all there is. */
    private void savePositions(String lanes) {
        kit.execute("INSERT INTO outbox_cursor (lane, epoch, base, last, settled)"
                + " SELECT lane, epoch, pg_current_snapshot(), 0, '{}' FROM outbox_lane " + lanes);
    }

    private List<String> in(String state) {
        return kit.texts("SELECT name FROM outbox_partition WHERE state = '" + state + "' ORDER BY 1");
    }

    private List<String> days(int from, int to) {
        List<String> names = new ArrayList<>();
        for (int day = from; day <= to; day++) {
            names.add(name(day));
        }
        return names;
    }

    private String name(int day) {
        return "outbox_event_" + today.plusDays(day).format(DateTimeFormatter.BASIC_ISO_DATE);
    }
}

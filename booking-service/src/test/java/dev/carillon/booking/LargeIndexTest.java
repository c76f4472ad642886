package dev.carillon.booking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.kit.testing.docs.FencedBlock;
import dev.carillon.kit.testing.docs.OperatingDocs;
import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.Migrations;
import dev.carillon.kit.testing.postgres.PostgresServer;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An index that is built before the update whose migration makes it, by the statements of {@code docs/operating/production.md} as they stand there. */
class LargeIndexTest {
    private static final String BEFORE = "1222";
    private static final String NOW = "latest";
    private static final String DEFINITION = "SELECT indexdef FROM pg_indexes WHERE indexname = 'offer_of_slot'";

    private final Database there = PostgresServer.shared().createFreshDatabase("booking_there");
    private final Database here = PostgresServer.shared().createFreshDatabase("booking_here");
    private final List<String> statements = statements();

    /** To build it, to ask how its migration is known elsewhere, and to say that it was made. */
    private static List<String> statements() {
        List<String> shown = OperatingDocs.blocks("sql").stream()
                .filter(block -> block.document().equals("production.md"))
                .map(FencedBlock::text)
                .flatMap(text -> List.of(text.strip().split(";\\s*", -1)).stream())
                .filter(statement -> !statement.isEmpty())
                .toList();
        assertThat(shown).hasSize(3);
        return shown;
    }

    @Test
    void an_index_that_was_built_before_the_update_and_is_said_to_be_made_is_left_as_it_is() throws SQLException {
        update(there, NOW);
        update(here, BEFORE);

        execute(here, statements.get(0));
        String checksum = ask(there, statements.get(1), "checksum");
        execute(here, statements.get(2).replace("…", checksum));

        assertThat(update(here, NOW)).contains("1224", "1225").doesNotContain("1223");
        assertThat(ask(here, DEFINITION, "indexdef"))
                .as("as the migration makes it")
                .isEqualTo(ask(there, DEFINITION, "indexdef"));
        assertThat(ask(
                        here,
                        "SELECT indisvalid FROM pg_index WHERE indexrelid = 'offer_of_slot'::regclass",
                        "indisvalid"))
                .isEqualTo("t");
    }

    @Test
    void an_update_fails_at_an_index_that_it_was_not_told_of() throws SQLException {
        update(here, BEFORE);

        execute(here, statements.get(0));

        assertThatThrownBy(() -> update(here, NOW)).hasMessageContaining("\"offer_of_slot\" already exists");
    }

    /** Gives the versions of the migrations that were made. */
    private static List<String> update(Database database, String target) {
        return Migrations.ofService(database).target(target).load().migrate().migrations.stream()
                .map(made -> made.version)
                .toList();
    }

    private static void execute(Database database, String sql) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(Database database, String sql, String column) throws SQLException {
        try (var connection = database.connect();
                var statement = connection.createStatement();
                var answer = statement.executeQuery(sql)) {
            assertThat(answer.next()).as(sql).isTrue();
            return answer.getString(column);
        }
    }
}

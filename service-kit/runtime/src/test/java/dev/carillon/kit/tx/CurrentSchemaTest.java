package dev.carillon.kit.tx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurrentSchemaTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Database database = PostgresServer.shared().createFreshDatabase("schema");

    private final Path before;
    private final Path after;

    /** Two versions of the code. */
    CurrentSchemaTest(@TempDir Path folder) throws IOException {
        before = Files.createDirectory(folder.resolve("before"));
        after = Files.createDirectory(folder.resolve("after"));
        for (Path version : List.of(before, after)) {
            Files.writeString(version.resolve("V1__one.sql"), "CREATE TABLE one (id int)");
            Files.writeString(version.resolve("V3__three.sql"), "CREATE TABLE three (id int)");
        }
        Files.writeString(after.resolve("V2__two.sql"), "CREATE TABLE two (id int)");
    }

    @Test
    void a_start_waits_until_somebody_else_has_made_the_migrations() throws Exception {
        migrations(before).migrate();
        var start = CompletableFuture.runAsync(() -> CurrentSchema.await(migrations(after), LONG));
        assertThatThrownBy(() -> start.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);

        migrations(after).migrate();
        start.get(30, TimeUnit.SECONDS);
        assertThat(database.texts("SELECT count(*) FROM flyway_schema_history")).containsExactly("3");
    }

    @Test
    void a_start_over_an_older_schema_fails_in_the_end_and_says_what_is_missing() {
        migrations(before).migrate();
        assertThatThrownBy(() -> CurrentSchema.await(migrations(after), Duration.ofMillis(10)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("V2__two.sql")
                .hasMessageNotContaining("V1__one.sql");
    }

    @Test
    void an_empty_database_is_older_than_any_code() {
        assertThatThrownBy(() -> CurrentSchema.await(migrations(before), Duration.ofMillis(10)))
                .hasMessageContaining("V1__one.sql")
                .hasMessageContaining("V3__three.sql");
    }

    @Test
    void what_newer_code_has_made_is_no_hindrance() {
        migrations(after).migrate();
        CurrentSchema.await(migrations(before), Duration.ofMillis(10));
        assertThat(migrations(before).info().pending()).isEmpty();
    }

    @Test
    void a_database_that_cannot_be_asked_is_waited_for_and_named_in_the_end() {
        var nowhere = Flyway.configure()
                .dataSource("jdbc:postgresql://127.0.0.1:1/nowhere", "nobody", "")
                .load();
        assertThatThrownBy(() -> CurrentSchema.await(nowhere, Duration.ofMillis(10)))
                .hasMessageContaining("cannot be asked");
    }

    private Flyway migrations(Path folder) {
        return Flyway.configure()
                .dataSource(database.jdbcUrl(), database.user(), database.password())
                .locations("filesystem:" + folder)
                .outOfOrder(true)
                .load();
    }
}

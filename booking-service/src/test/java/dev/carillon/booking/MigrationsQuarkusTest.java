package dev.carillon.booking;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.booking.support.Rows;
import dev.carillon.booking.support.Surroundings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(Surroundings.class)
class MigrationsQuarkusTest {
    @Inject
    Flyway flyway;

    @Test
    void a_migration_that_has_to_wait_for_a_table_gives_up_before_everybody_waits_behind_it() throws SQLException {
        var settings = flyway.getConfiguration();
        try (var dump = Rows.lock("SELECT count(*) FROM telegram_update");
                var migration = settings.getDataSource().getConnection();
                var statement = migration.createStatement()) {
            statement.execute(settings.getInitSql());
            assertThatThrownBy(() -> statement.execute("ALTER TABLE telegram_update ADD COLUMN another text"))
                    .hasMessageContaining("lock timeout");
        }
    }
}

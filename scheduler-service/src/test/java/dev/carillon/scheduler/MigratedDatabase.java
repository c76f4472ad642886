package dev.carillon.scheduler;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.PostgresServer;
import java.util.Map;
import org.flywaydb.core.Flyway;

/** A database with this service's tables, which nothing is in yet. */
public final class MigratedDatabase {
    private MigratedDatabase() {}

    public static Database fresh(String prefix) {
        var database = PostgresServer.shared().createFreshDatabase(prefix);
        Flyway.configure()
                .dataSource(database.jdbcUrl(), database.user(), database.password())
                .locations("classpath:db/kit", "classpath:db/migration")
                .placeholders(Map.of("relayRole", PostgresServer.RELAY))
                .outOfOrder(true)
                .load()
                .migrate();
        return database;
    }
}

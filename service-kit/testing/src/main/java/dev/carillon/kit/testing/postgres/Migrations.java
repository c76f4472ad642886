package dev.carillon.kit.testing.postgres;

import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/**
 * The migrations on the class path, made as services make them. For modules that have Flyway, which this one brings to nobody: the relay does without.
 */
public final class Migrations {
    private static final String KIT = "classpath:db/kit";
    private static final String SERVICE = "classpath:db/migration";

    private Migrations() {}

    /** A database of its own with the kit's tables, which nothing is in yet. */
    public static Database freshKit(String prefix) {
        return made(prefix, KIT);
    }

    /** The same with the tables of the service whose migrations are on the class path, too. */
    public static Database freshService(String prefix) {
        return made(prefix, KIT, SERVICE);
    }

    private static Database made(String prefix, String... locations) {
        Database database = PostgresServer.shared().createFreshDatabase(prefix);
        in(database, locations).load().migrate();
        return database;
    }

    /** The kit's, for this database; not made yet. */
    public static FluentConfiguration ofKit(Database database) {
        return in(database, KIT);
    }

    /** The kit's and the service's, for this database; not made yet. */
    public static FluentConfiguration ofService(Database database) {
        return in(database, KIT, SERVICE);
    }

    private static FluentConfiguration in(Database database, String... locations) {
        return Flyway.configure()
                .dataSource(database.jdbcUrl(), database.user(), database.password())
                .locations(locations)
                .placeholders(Map.of("relayRole", PostgresServer.RELAY))
                .outOfOrder(true);
    }
}

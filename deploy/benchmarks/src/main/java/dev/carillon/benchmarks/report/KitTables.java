package dev.carillon.benchmarks.report;

import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;

/** The kit's tables, as its migrations make them. */
public final class KitTables {
    private KitTables() {}

    /** @param migrations resources of the kit, in their order */
    public static void create(Database owner, List<String> migrations) {
        migrations.forEach(migration -> migrate(owner, migration));
    }

    private static void migrate(Database owner, String resource) {
        try (var file = KitTables.class.getResourceAsStream(resource);
                var connection = owner.connect();
                var statement = connection.createStatement()) {
            if (file == null) {
                throw new IllegalStateException("there is no " + resource);
            }
            statement.execute(new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("${relayRole}", PostgresServer.RELAY));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(resource, e);
        }
    }
}

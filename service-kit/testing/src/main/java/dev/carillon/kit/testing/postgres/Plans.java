package dev.carillon.kit.testing.postgres;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** How PostgreSQL runs statements over what a database has, by the plans that connections of services keep: they are made before the parameters are known. */
public record Plans(Database database) {

    /**
     * The lines of a plan. Statistics are as they are: {@code ANALYZE} what was filled.
     *
     * @param statement with parameters {@code $1…}
     * @param types theirs, such as {@code uuid, text}
     * @param values theirs, such as {@code NULL, 'a'}; the plan does not depend on them
     */
    public List<String> of(String statement, String types, String values) {
        try (var connection = database.connect();
                var session = connection.createStatement()) {
            session.execute("SET plan_cache_mode = force_generic_plan");
            session.execute("SET enable_seqscan = off");
            session.execute("PREPARE planned (" + types + ") AS " + statement);
            try (var rows = session.executeQuery("EXPLAIN (COSTS OFF) EXECUTE planned (" + values + ")")) {
                var lines = new ArrayList<String>();
                while (rows.next()) {
                    lines.add(rows.getString(1));
                }
                return lines;
            }
        } catch (SQLException e) {
            throw new IllegalStateException(statement, e);
        }
    }
}

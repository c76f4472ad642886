package dev.carillon.kit.testing.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How PostgreSQL runs statements that were planned while their tables were empty: connections of services keep such plans when the tables have long been large.
 *
 * @param database migrated, and with nothing in the tables that the statements read
 */
public record EmptyTablePlans(Database database) {
    private static final Pattern STATEMENT = Pattern.compile("^(SELECT|INSERT|UPDATE|DELETE|WITH) ");
    // With others, the driver wants values for the parameters of what it explains.
    private static final String SIMPLE_QUERIES = "?preferQueryMode=simple";
    private static final String AS_SERVICES_DO =
            "SET LOCAL enable_seqscan = off; SET LOCAL jit = off; SET LOCAL plan_cache_mode = force_generic_plan";

    /** The plan of each statement, a line for each node or condition, by the statement's name. */
    public Map<String, String> of(Map<String, String> statements) {
        Map<String, String> plans = new TreeMap<>();
        try (var connection = DriverManager.getConnection(
                        database.jdbcUrl() + SIMPLE_QUERIES, database.user(), database.password());
                var session = connection.createStatement()) {
            connection.setAutoCommit(false);
            session.execute(AS_SERVICES_DO);
            for (var statement : statements.entrySet()) {
                plans.put(statement.getKey(), plan(session, statement.getKey(), statement.getValue()));
            }
            connection.rollback();
            return plans;
        } catch (SQLException e) {
            throw new IllegalStateException(database.toString(), e);
        }
    }

    /**
     * That none of these statements, and there are some, reads one of these tables, or an index of one, as a whole.
     *
     * @param statements each as {@link #statements} gives them
     */
    @SafeVarargs
    public final void assertNoneReadsAWhole(List<String> tables, Map<String, String>... statements) {
        var names = tables.toArray(String[]::new);
        Map<String, String> all = new TreeMap<>();
        for (var some : statements) {
            all.putAll(some);
        }
        assertThat(of(all)).isNotEmpty().allSatisfy((name, plan) -> assertThat(plan)
                .as(name)
                .doesNotContainPattern(tableReadAsAWhole(names))
                .doesNotContainPattern(indexReadAsAWhole(names)));
    }

    private static String plan(Statement session, String name, String statement) {
        try (var rows = session.executeQuery("EXPLAIN (GENERIC_PLAN, COSTS OFF) " + statement)) {
            var lines = new StringBuilder();
            while (rows.next()) {
                lines.append(rows.getString(1)).append('\n');
            }
            return lines.toString();
        } catch (SQLException e) {
            throw new IllegalStateException(name, e);
        }
    }

    /** Those of these classes' constants that are statements, and not parts of some, by class and constant, as in {@code MessageStore.SAVE}. */
    public static Map<String, String> statements(Class<?>... stores) {
        Map<String, String> statements = new TreeMap<>();
        for (var store : stores) {
            for (var field : store.getDeclaredFields()) {
                if (field.getType() == String.class && Modifier.isStatic(field.getModifiers())) {
                    var text = text(field);
                    if (STATEMENT.matcher(text).find()) {
                        statements.put(store.getSimpleName() + "." + field.getName(), text);
                    }
                }
            }
        }
        return statements;
    }

    /** One class's statements that are in these constants. */
    public static Map<String, String> statements(Class<?> store, Collection<String> constants) {
        Map<String, String> statements = new TreeMap<>();
        for (var constant : constants) {
            statements.put(store.getSimpleName() + "." + constant, text(field(store, constant)));
        }
        return statements;
    }

    private static Field field(Class<?> store, String constant) {
        try {
            return store.getDeclaredField(constant);
        } catch (NoSuchFieldException e) {
            throw new IllegalArgumentException(store + " has no constant " + constant, e);
        }
    }

    private static String text(Field constant) {
        try {
            constant.setAccessible(true);
            return String.valueOf(constant.get(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Finds, in a plan, that one of these tables is read as a whole. */
    public static Pattern tableReadAsAWhole(String... tables) {
        return Pattern.compile("Seq Scan on (" + String.join("|", tables) + ")\\b");
    }

    /** Finds, in a plan, that an index of one of these tables is read to its end. */
    public static Pattern indexReadAsAWhole(String... tables) {
        return Pattern.compile("(Index (Only )?Scan (Backward )?using \\S+ on (" + String.join("|", tables)
                + ")\\b|Bitmap Index Scan on )[^\\n]*\\n(?!\\s*Index Cond)");
    }
}

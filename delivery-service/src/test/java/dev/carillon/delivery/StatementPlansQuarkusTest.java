package dev.carillon.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.attempt.ShortWaits;
import dev.carillon.delivery.attempt.store.DeliveryHistory;
import dev.carillon.delivery.attempt.store.DeliveryReader;
import dev.carillon.delivery.attempt.store.DeliveryStore;
import dev.carillon.delivery.attempt.store.HeldStore;
import dev.carillon.delivery.endpoint.store.EndpointStore;
import dev.carillon.delivery.redrive.store.RedriveStore;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Pool;
import io.vertx.mutiny.sqlclient.Row;
import io.vertx.mutiny.sqlclient.RowSet;
import jakarta.inject.Inject;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * Plans are kept for as long as a connection, and made when tables may be empty. Here they are made so: by a connection of the service's, over empty copies of
 * its tables.
 */
@QuarkusTest
@TestProfile(ShortWaits.class)
class StatementPlansQuarkusTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String EMPTY_COPIES = """
            CREATE TEMP TABLE delivery (LIKE delivery INCLUDING ALL) ON COMMIT DROP;
            CREATE TEMP TABLE attempt (LIKE attempt INCLUDING ALL) ON COMMIT DROP;
            CREATE TEMP TABLE endpoint (LIKE endpoint INCLUDING ALL) ON COMMIT DROP;
            CREATE TEMP TABLE endpoint_secret (LIKE endpoint_secret INCLUDING ALL) ON COMMIT DROP
            """;
    private static final Pattern STATEMENT = Pattern.compile("^(SELECT|INSERT|UPDATE|DELETE|WITH) ");
    private static final Pattern TABLE_READ_AS_A_WHOLE =
            Pattern.compile("Seq Scan on (delivery|attempt|endpoint|endpoint_secret)\\b");
    private static final Pattern INDEX_READ_AS_A_WHOLE = Pattern.compile(
            "(Index (Only )?Scan (Backward )?using \\S+ on (delivery|attempt)\\b|Bitmap Index Scan on )[^\\n]*\\n(?!\\s*Index Cond)");

    @Inject
    Pool pool;

    @Test
    void no_statement_reads_a_whole_table_although_it_was_planned_while_that_was_empty() {
        var plans = plans(
                DeliveryStore.class,
                DeliveryHistory.class,
                DeliveryReader.class,
                HeldStore.class,
                RedriveStore.class,
                EndpointStore.class);
        assertThat(plans)
                .hasSizeGreaterThan(30)
                .allSatisfy((name, plan) -> assertThat(plan).as(name).doesNotContainPattern(TABLE_READ_AS_A_WHOLE));
    }

    @Test
    void no_statement_of_an_attempt_or_of_forgetting_reads_an_index_to_its_end() {
        var plans = plans(DeliveryStore.class, DeliveryHistory.class, DeliveryReader.class);
        assertThat(plans)
                .hasSizeGreaterThan(15)
                .allSatisfy((name, plan) -> assertThat(plan).as(name).doesNotContainPattern(INDEX_READ_AS_A_WHOLE));
    }

    @Test
    void whose_turn_it_is_of_an_ordering_key_is_found_without_reading_all_that_waits_for_it() {
        var plans = plans(DeliveryStore.class);
        assertThat(plans.get("DeliveryStore.BLOCKED")).containsPattern("Index Cond: .*ROW\\(");
        assertThat(plans.get("DeliveryStore.NEXT_OF_KEYS")).contains("Limit");
    }

    private Map<String, String> plans(Class<?>... stores) {
        Map<String, String> plans = new TreeMap<>();
        pool.withTransaction(connection -> {
                    Uni<Void> all = connection.query(EMPTY_COPIES).execute().replaceWithVoid();
                    for (var statement : statements(stores).entrySet()) {
                        all = all.chain(() -> connection
                                        .query("EXPLAIN (GENERIC_PLAN, COSTS OFF) " + statement.getValue())
                                        .execute())
                                .invoke(plan -> plans.put(statement.getKey(), lines(plan)))
                                .replaceWithVoid();
                    }
                    return all;
                })
                .await()
                .atMost(PATIENCE);
        return plans;
    }

    private static String lines(RowSet<Row> plan) {
        return StreamSupport.stream(plan.spliterator(), false)
                .map(row -> row.getString(0))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Those of these classes' constants that are statements, and not parts of some. */
    private static Map<String, String> statements(Class<?>... stores) {
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

    private static String text(Field constant) {
        try {
            constant.setAccessible(true);
            return String.valueOf(constant.get(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.carillon.kit.testing.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EmptyTablePlansTest {
    private static final EmptyTablePlans PLANS = new EmptyTablePlans(items());
    private static final Map<String, String> OF_ITEMS = PLANS.of(EmptyTablePlans.statements(Items.class));

    private static Database items() {
        var database = PostgresServer.shared().createFreshDatabase("empty_plans");
        database.execute("CREATE TABLE item (id bigint PRIMARY KEY, name text)");
        return database;
    }

    static final class Items {
        static final String FIND = "SELECT * FROM item WHERE id = $1";
        static final String IN_ORDER = "SELECT * FROM item ORDER BY id";
        static final String NAMED = "SELECT id FROM item WHERE name = $1";
        static final String CONDITION = "WHERE name = $1";

        private Items() {}
    }

    @Test
    void statements_are_planned_and_parts_of_statements_are_not() {
        assertThat(OF_ITEMS).containsOnlyKeys("Items.FIND", "Items.IN_ORDER", "Items.NAMED");
    }

    @Test
    void a_table_that_is_read_as_a_whole_is_told_from_one_that_is_searched() {
        var whole = EmptyTablePlans.tableReadAsAWhole("item");
        assertThat(OF_ITEMS.get("Items.NAMED")).containsPattern(whole);
        assertThat(OF_ITEMS.get("Items.FIND")).doesNotContainPattern(whole);
    }

    @Test
    void an_index_that_is_read_to_its_end_is_told_from_one_that_is_searched() {
        var whole = EmptyTablePlans.indexReadAsAWhole("item");
        assertThat(OF_ITEMS.get("Items.IN_ORDER")).containsPattern(whole);
        assertThat(OF_ITEMS.get("Items.FIND")).contains("Index Cond").doesNotContainPattern(whole);
    }

    @Test
    void a_statement_that_reads_a_table_or_an_index_as_a_whole_is_named_and_one_that_searches_passes() {
        var tables = List.of("other", "item");
        PLANS.assertNoneReadsAWhole(tables, statements("FIND"));
        PLANS.assertNoneReadsAWhole(List.of("other"), statements("FIND"), statements("NAMED"));
        for (var bad : List.of("NAMED", "IN_ORDER")) {
            assertThatThrownBy(() -> PLANS.assertNoneReadsAWhole(tables, statements("FIND"), statements(bad)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Items." + bad);
        }
        assertThatThrownBy(() -> PLANS.assertNoneReadsAWhole(tables)).isInstanceOf(AssertionError.class);
    }

    private static Map<String, String> statements(String constant) {
        return EmptyTablePlans.statements(Items.class, List.of(constant));
    }

    @Test
    void a_constant_that_is_not_there_is_refused() {
        assertThatThrownBy(() -> EmptyTablePlans.statements(Items.class, List.of("LOST")))
                .hasMessageContaining("LOST");
    }
}

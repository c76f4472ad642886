package dev.carillon.delivery;

import static dev.carillon.kit.testing.postgres.EmptyTablePlans.statements;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.delivery.attempt.store.DeliveryHistory;
import dev.carillon.delivery.attempt.store.DeliveryReader;
import dev.carillon.delivery.attempt.store.DeliveryStore;
import dev.carillon.delivery.attempt.store.HeldStore;
import dev.carillon.delivery.endpoint.store.EndpointStore;
import dev.carillon.delivery.redrive.store.RedriveStore;
import dev.carillon.kit.testing.postgres.EmptyTablePlans;
import dev.carillon.kit.testing.postgres.Migrations;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Plans are kept for as long as a connection, and made when tables may be empty. Here they are made so. */
class StatementPlansTest {
    private static final Pattern TABLE_READ_AS_A_WHOLE =
            EmptyTablePlans.tableReadAsAWhole("delivery", "attempt", "endpoint", "endpoint_secret");
    private static final Pattern INDEX_READ_AS_A_WHOLE = EmptyTablePlans.indexReadAsAWhole("delivery", "attempt");
    private static final EmptyTablePlans PLANS = new EmptyTablePlans(Migrations.freshService("delivery_empty"));

    @Test
    void no_statement_reads_a_whole_table_although_it_was_planned_while_that_was_empty() {
        var plans = PLANS.of(statements(
                DeliveryStore.class,
                DeliveryHistory.class,
                DeliveryReader.class,
                HeldStore.class,
                RedriveStore.class,
                EndpointStore.class));
        assertThat(plans)
                .hasSizeGreaterThan(30)
                .allSatisfy((name, plan) -> assertThat(plan).as(name).doesNotContainPattern(TABLE_READ_AS_A_WHOLE));
    }

    @Test
    void no_statement_of_an_attempt_or_of_forgetting_reads_an_index_to_its_end() {
        var plans = PLANS.of(statements(DeliveryStore.class, DeliveryHistory.class, DeliveryReader.class));
        assertThat(plans)
                .hasSizeGreaterThan(15)
                .allSatisfy((name, plan) -> assertThat(plan).as(name).doesNotContainPattern(INDEX_READ_AS_A_WHOLE));
    }

    @Test
    void whose_turn_it_is_of_an_ordering_key_is_found_without_reading_all_that_waits_for_it() {
        var plans = PLANS.of(statements(DeliveryStore.class));
        assertThat(plans.get("DeliveryStore.BLOCKED")).containsPattern("Index Cond: .*ROW\\(");
        assertThat(plans.get("DeliveryStore.NEXT_OF_KEYS")).contains("Limit");
    }
}

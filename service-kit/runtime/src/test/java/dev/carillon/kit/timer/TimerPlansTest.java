package dev.carillon.kit.timer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.KitDatabase;
import dev.carillon.kit.testing.postgres.EmptyTablePlans;
import org.junit.jupiter.api.Test;

/** Plans are kept for as long as a connection, and made when no timer may be armed yet. */
class TimerPlansTest {

    @Test
    void no_statement_reads_all_timers_although_it_was_planned_while_there_were_none() {
        try (var kit = KitDatabase.fresh()) {
            var plans = new EmptyTablePlans(kit.database).of(EmptyTablePlans.statements(TimerTable.class));
            assertThat(plans).hasSize(7).allSatisfy((name, plan) -> assertThat(plan)
                    .as(name)
                    .doesNotContainPattern(EmptyTablePlans.tableReadAsAWhole("timer", "timer_far"))
                    .doesNotContainPattern(EmptyTablePlans.indexReadAsAWhole("timer", "timer_far")));
        }
    }
}

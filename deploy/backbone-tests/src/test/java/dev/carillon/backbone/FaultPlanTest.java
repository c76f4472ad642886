package dev.carillon.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.backbone.FaultPlan.Kind;
import dev.carillon.backbone.FaultPlan.Step;
import org.junit.jupiter.api.Test;

class FaultPlanTest {
    @Test
    void the_plan_of_a_seed_is_always_the_same_and_that_of_another_differs() {
        assertThat(FaultPlan.of(7, 50)).isEqualTo(FaultPlan.of(7, 50)).isNotEqualTo(FaultPlan.of(8, 50));
    }

    @Test
    void a_plan_has_every_kind_of_fault_and_as_many_as_were_asked_for() {
        assertThat(FaultPlan.of(1, 10).steps()).extracting(Step::kind).contains(Kind.values());
        assertThat(FaultPlan.of(1, 53).steps()).hasSize(53);
        assertThat(FaultPlan.of(1, 530).steps()).hasSize(530);
    }
}

package dev.carillon.system.races;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RacePlanTest {

    @Test
    void the_plan_of_a_seed_is_always_the_same_and_that_of_another_differs() {
        assertThat(RacePlan.of(7, 100)).isEqualTo(RacePlan.of(7, 100)).isNotEqualTo(RacePlan.of(8, 100));
    }

    @Test
    void a_plan_has_as_many_races_as_were_asked_for_of_every_kind_and_moment_and_receiver() {
        assertThat(RacePlan.of(1, 600).races()).hasSize(600).satisfies(races -> {
            assertThat(races).extracting(Race::kind).contains(Race.Kind.values());
            assertThat(races).extracting(Race::moment).contains(Race.Moment.values());
            assertThat(races).extracting(Race::receiver).contains(Race.Receiver.values());
        });
    }
}

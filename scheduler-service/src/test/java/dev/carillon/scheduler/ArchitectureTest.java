package dev.carillon.scheduler;

import dev.carillon.kit.testing.architecture.HouseRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void the_scheduler_keeps_the_rules_of_the_house() {
        new HouseRules("dev.carillon.scheduler").checkAll();
    }
}

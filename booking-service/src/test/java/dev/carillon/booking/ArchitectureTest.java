package dev.carillon.booking;

import dev.carillon.kit.testing.architecture.HouseRules;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    @Test
    void the_booking_keeps_the_rules_of_the_house() {
        new HouseRules("dev.carillon.booking").checkAll();
    }
}

package dev.carillon.delivery;

import dev.carillon.kit.testing.architecture.HouseRules;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
    @Test
    void delivery_keeps_the_house_rules() {
        new HouseRules("dev.carillon.delivery").checkAll();
    }
}

package dev.carillon.kit.testing.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

/** Each rule finds its deliberate violator, says why, and lets go what is right. */
class HouseRulesTest {
    private final HouseRules rules = new HouseRules("dev.carillon.violators");
    private final JavaClasses classes = new ClassFileImporter()
            .importPackages("dev.carillon.violators", "dev.carillon.kit.violators", "dev.carillon.kit.tx");

    @Test
    void a_pure_root_that_imports_a_framework_or_its_own_edge_is_found() {
        assertThat(violationsOf(rules.pureFeatureRoots()))
                .contains("OrderThatKnowsAFramework", "OrderThatKnowsItsTable", "because")
                .doesNotContain("order.Order>", "order.Order$Line", "PlaceOrder", "Basket");
    }

    @Test
    void features_that_need_each_other_are_found() {
        assertThat(violationsOf(rules.noCyclesBetweenFeatures()))
                .contains("basket", "checkout", "because")
                .doesNotContain("order");
    }

    @Test
    void a_kit_that_knows_a_service_is_found() {
        assertThat(violationsOf(rules.kitKnowsNoService())).contains("KitThatKnowsAService", "because");
    }

    @Test
    void a_transaction_opened_outside_a_use_case_is_found() {
        assertThat(violationsOf(rules.transactionsAreOpenedByUseCases()))
                .contains("ResourceThatOpensATransaction", "because")
                .doesNotContain("PlaceOrder");
    }

    @Test
    void a_store_that_knows_http_is_found() {
        assertThat(violationsOf(rules.edgesDoNotKnowHttp()))
                .contains("StoreThatAnswersHttp", "because")
                .doesNotContain("ResourceThatOpensATransaction");
    }

    @Test
    void json_that_a_native_executable_could_not_read_or_write_is_found() {
        assertThat(violationsOf(rules.jsonIsRegistered()))
                .contains(
                        "OrderView is JSON", "RegisteredView$Part is JSON", "ReaderOfOrders$Unknown is JSON", "because")
                .doesNotContain("RegisteredView is JSON", "ReaderOfOrders$Known is JSON");
    }

    @Test
    void all_rules_are_checked_at_once_and_none_is_forgotten() {
        assertThat(rules.all()).hasSize(6);
        assertThat(rules.all())
                .allSatisfy(rule -> assertThat(violationsOf(rule)).isNotEqualTo(""));
    }

    private String violationsOf(ArchRule rule) {
        var result = rule.evaluate(classes);
        return result.hasViolation() ? result.getFailureReport().toString() : "";
    }
}

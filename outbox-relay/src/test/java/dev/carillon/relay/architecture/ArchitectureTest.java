package dev.carillon.relay.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.carillon.relay.FrameworkInTheRules;
import dev.carillon.relay.engine.EngineThatKnowsKafka;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final ArchRule PURE_ROOT = classes()
            .that()
            .resideInAPackage("dev.carillon.relay")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "org.jspecify..", "dev.carillon.relay")
            .because("the rules of order and of leases are read and tested without a framework");

    private static final ArchRule REPLACEABLE_EDGES = noClasses()
            .that()
            .resideInAPackage("dev.carillon.relay.engine")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.vertx..", "org.apache.kafka..", "dev.carillon.relay.store", "dev.carillon.relay.kafka")
            .because("how an outbox is read is one replaceable piece behind a port");

    private final JavaClasses relay = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.carillon.relay");

    @Test
    void the_root_package_is_pure() {
        PURE_ROOT.check(relay);
        assertThat(violates(PURE_ROOT, FrameworkInTheRules.class)).isTrue();
    }

    @Test
    void the_engine_knows_its_edges_by_their_ports() {
        REPLACEABLE_EDGES.check(relay);
        assertThat(violates(REPLACEABLE_EDGES, EngineThatKnowsKafka.class)).isTrue();
    }

    private static boolean violates(ArchRule rule, Class<?> violator) {
        return rule.evaluate(new ClassFileImporter().importClasses(violator)).hasViolation();
    }
}

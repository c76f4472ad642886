package dev.carillon.kit.testing.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What must hold in every module. A module's test is one line: {@code new HouseRules("dev.carillon.booking").checkAll()}.
 *
 * <p>A <em>feature</em> is a package with its subpackages; its <em>root</em> is the package itself. A root that has one of the edges
 * {@code usecase}, {@code http}, {@code messaging} or {@code store} below it is <em>pure</em>; a root without them is flat, and may be all in one.
 */
public final class HouseRules {
    private static final Set<String> EDGES = Set.of("usecase", "http", "messaging", "store");
    private static final String TRANSACTIONS = "dev.carillon.kit.tx";
    private static final String REGISTER = "io.quarkus.runtime.annotations.RegisterForReflection";
    private static final Pattern JSON_NAME = Pattern.compile("\\w*Payload|\\w+(?:View|Request|Json)");
    private static final Set<String> READS = Set.of("readValue", "treeToValue", "convertValue");

    private final String root;

    /** @param root the module's root package, such as {@code dev.carillon.booking} */
    public HouseRules(String root) {
        this.root = root;
    }

    /** Checks every rule against the module's own classes, tests left out. */
    public void checkAll() {
        var own = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(root);
        all().forEach(rule -> rule.check(own));
    }

    /** Every rule, each with its reason. */
    public List<ArchRule> all() {
        return List.of(
                pureFeatureRoots(),
                noCyclesBetweenFeatures(),
                kitKnowsNoService(),
                transactionsAreOpenedByUseCases(),
                edgesDoNotKnowHttp(),
                jsonIsRegistered());
    }

    public ArchRule pureFeatureRoots() {
        return classes()
                .that(areInAPureRoot())
                .should(dependOnlyOn("java.*, JSpecify and the types of pure roots", HouseRules::isPure))
                .because("what a feature means must be readable, and testable in milliseconds, without any framework")
                .allowEmptyShould(true);
    }

    public ArchRule noCyclesBetweenFeatures() {
        return slices().assignedFrom(features())
                .should()
                .beFreeOfCycles()
                .because("features that need each other in a circle are one feature, and can only be changed together")
                .allowEmptyShould(true);
    }

    public ArchRule kitKnowsNoService() {
        return noClasses()
                .that()
                .resideInAPackage("dev.carillon.kit..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.carillon..").and(not(resideInAPackage("dev.carillon.kit.."))))
                .because(
                        "the kit is mechanism that every service shares; one that knows a service serves that one alone")
                .allowEmptyShould(true);
    }

    public ArchRule transactionsAreOpenedByUseCases() {
        return classes()
                .that(areNot("in a usecase package, a flat feature or the kit", this::mayOpenTransactions))
                .should(notOpenTransactions())
                .because("one place shows what commits together; a transaction opened elsewhere is found by nobody")
                .allowEmptyShould(true);
    }

    public ArchRule edgesDoNotKnowHttp() {
        return noClasses()
                .that()
                .resideInAnyPackage("..usecase..", "..store..", "..messaging..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jakarta.ws.rs..", "dev.carillon.kit.http..", "dev.carillon.kit.problem..")
                .because("HTTP is one way in; what is behind it must not change when a header does")
                .allowEmptyShould(true);
    }

    /**
     * What is known to be JSON: records by the names that such have here, those that a method reads by their class, and the records that are part of one that is
     * registered.
     */
    public ArchRule jsonIsRegistered() {
        return classes()
                .should(registerJson())
                .because(
                        "Jackson reads and writes records by reflection, of which a native executable knows only what is"
                                + " registered; Quarkus finds by itself only what a resource declares")
                .allowEmptyShould(true);
    }

    private static ArchCondition<JavaClass> registerJson() {
        return new ArchCondition<>("register records that are JSON with @RegisterForReflection") {
            private final Set<JavaClass> registered = new HashSet<>();

            @Override
            public void init(Collection<JavaClass> all) {
                registered.clear();
                all.forEach(one -> one.tryGetAnnotationOfType(REGISTER).ifPresent(found -> {
                    var targets = (JavaClass[]) found.get("targets").orElse(new JavaClass[0]);
                    registered.addAll(targets.length == 0 ? List.of(one) : List.of(targets));
                }));
            }

            @Override
            public void check(JavaClass type, ConditionEvents events) {
                var json = new LinkedHashSet<JavaClass>();
                if (type.isRecord() && JSON_NAME.matcher(type.getSimpleName()).matches()) {
                    json.add(type);
                }
                Set<JavaCodeUnit> readers = readersOfJson(type);
                type.getReferencedClassObjects().stream()
                        .filter(reference -> readers.contains(reference.getOwner()))
                        .forEach(reference -> json.add(reference.getRawType()));
                if (registered.contains(type)) {
                    type.getFields().forEach(field -> json.addAll(field.getAllInvolvedRawTypes()));
                }
                json.stream()
                        .filter(one -> one.isRecord() && one.getPackageName().startsWith("dev.carillon."))
                        .filter(one -> !registered.contains(one) && !one.isAnnotatedWith(REGISTER))
                        .forEach(one -> events.add(SimpleConditionEvent.violated(
                                type, one.getName() + " is JSON and not registered (" + type.getName() + ")")));
            }
        };
    }

    private static Set<JavaCodeUnit> readersOfJson(JavaClass type) {
        return type.getMethodCallsFromSelf().stream()
                .filter(call -> call.getTargetOwner().getName().equals("com.fasterxml.jackson.databind.ObjectMapper")
                        && READS.contains(call.getName()))
                .map(JavaMethodCall::getOrigin)
                .collect(Collectors.toSet());
    }

    private static DescribedPredicate<JavaClass> areInAPureRoot() {
        return DescribedPredicate.describe("are in a pure feature root", HouseRules::isInAPureRoot);
    }

    private static DescribedPredicate<JavaClass> areNot(String what, Predicate<JavaClass> predicate) {
        return DescribedPredicate.describe("are not " + what, one -> !predicate.test(one));
    }

    private static boolean isInAPureRoot(JavaClass type) {
        return !isEdge(type.getPackage())
                && type.getPackage().getSubpackages().stream().anyMatch(HouseRules::isEdge);
    }

    private static boolean isEdge(JavaPackage one) {
        return EDGES.contains(one.getRelativeName());
    }

    private static boolean isPure(JavaClass target) {
        var name = target.getBaseComponentType().getPackageName();
        return name.isEmpty()
                || name.startsWith("java.")
                || name.equals("java")
                || name.startsWith("org.jspecify.")
                || isInAPureRoot(target.getBaseComponentType());
    }

    private boolean mayOpenTransactions(JavaClass type) {
        var name = type.getPackageName();
        boolean flat = !isEdge(type.getPackage()) && !isInAPureRoot(type) && !belowAnEdge(name);
        return name.startsWith("dev.carillon.kit.") || name.contains(".usecase") || flat;
    }

    private static boolean belowAnEdge(String name) {
        return EDGES.stream().anyMatch(edge -> name.contains("." + edge + ".") || name.endsWith("." + edge));
    }

    private static ArchCondition<JavaClass> notOpenTransactions() {
        return new ArchCondition<>("not open transactions") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getMethodCallsFromSelf().stream()
                        .filter(HouseRules::opensTransaction)
                        .forEach(call -> events.add(SimpleConditionEvent.violated(type, call.getDescription())));
            }
        };
    }

    private static boolean opensTransaction(JavaMethodCall call) {
        return call.getTargetOwner().getPackageName().equals(TRANSACTIONS)
                && call.getName().equals("inTransaction");
    }

    private static ArchCondition<JavaClass> dependOnlyOn(String what, Predicate<JavaClass> allowed) {
        return new ArchCondition<>("depend only on " + what) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                type.getDirectDependenciesFromSelf().stream()
                        .filter(dependency -> !allowed.test(dependency.getTargetClass()))
                        .forEach(dependency ->
                                events.add(SimpleConditionEvent.violated(type, dependency.getDescription())));
            }
        };
    }

    /** Every package is its feature's: the one below the module's root, edges counted with it. */
    private SliceAssignment features() {
        return new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                var name = type.getPackageName();
                if (!name.startsWith(root + ".")) {
                    return SliceIdentifier.ignore();
                }
                return SliceIdentifier.of(name.substring(root.length() + 1).split("\\.")[0]);
            }

            @Override
            public String getDescription() {
                return "features of " + root;
            }
        };
    }
}

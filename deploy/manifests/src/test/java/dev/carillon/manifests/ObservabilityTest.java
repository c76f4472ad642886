package dev.carillon.manifests;

import static dev.carillon.manifests.Manifests.items;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.kit.testing.docs.OperatingDocs;
import dev.carillon.kit.testing.metrics.MetricsReference;
import dev.carillon.manifests.Command.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ObservabilityTest {
    private static final Path FOLDER = Repository.DEPLOY.resolve("observability");
    private static final Path RULES = FOLDER.resolve("prometheus/rules/carillon.yaml");
    private static final Path TESTS = FOLDER.resolve("prometheus/tests/carillon.yaml");
    private static final Path BROKEN = Path.of("target/broken-rules").toAbsolutePath();
    private static final String ABSENT =
            "LEFT OUT: promtool (Debian's package prometheus) is not on this machine, so that rules were neither parsed nor tried.";

    private static final Path INDEX = Repository.ROOT.resolve("docs/operating/README.md");
    private static final Path DASHBOARDS = FOLDER.resolve("grafana/dashboards");
    private static final Pattern VARIABLE = Pattern.compile("\\$(?!__)(\\w+)");
    private static final String NO_STREAMS = "uri!~\"/v1/(messages|deliveries)/.id./events";
    private static final List<String> SUFFIXES = List.of("", "_bucket", "_count", "_sum", "_max");

    private final MetricsReference metrics = MetricsReference.read();
    private final JsonNode rules = Manifests.yaml(Repository.read(RULES));

    private Stream<JsonNode> rules() {
        return items(rules.path("groups")).flatMap(group -> items(group.path("rules")));
    }

    private Set<String> alerts() {
        return rules().filter(rule -> rule.has("alert"))
                .map(rule -> rule.path("alert").asText())
                .collect(Collectors.toSet());
    }

    private Set<String> recorded() {
        return rules().filter(rule -> rule.has("record"))
                .map(rule -> rule.path("record").asText())
                .collect(Collectors.toSet());
    }

    @Test
    void rules_ask_only_for_what_is_exported() {
        assertThat(rules()).isNotEmpty().allSatisfy(rule -> assertThat(
                        Queries.problems(rule.path("expr").asText(), metrics, recorded()))
                .isEmpty());
    }

    @Test
    void every_alert_says_how_urgent_it_is_and_names_a_runbook_that_is_there() {
        assertThat(rules().filter(rule -> rule.has("alert"))).isNotEmpty().allSatisfy(alert -> {
            assertThat(alert.at("/labels/severity").asText()).isIn("page", "ticket");
            String runbook = alert.at("/annotations/runbook").asText();
            assertThat(Repository.ROOT.resolve(runbook)).isRegularFile();
            assertThat(Repository.read(Repository.ROOT.resolve(runbook)))
                    .contains("`" + alert.path("alert").asText() + "`");
        });
    }

    @Test
    void the_operators_index_names_every_alert_once_with_its_urgency_and_its_runbook() {
        List<String> lines = Repository.read(INDEX).lines().toList();
        assertThat(rules().filter(rule -> rule.has("alert"))).isNotEmpty().allSatisfy(alert -> {
            String name = "`" + alert.path("alert").asText() + "`";
            String runbook = alert.at("/annotations/runbook").asText().replace("docs/operating/", "");
            assertThat(lines.stream().filter(line -> line.contains(name)))
                    .as(name)
                    .singleElement()
                    .asString()
                    .contains("| " + alert.at("/labels/severity").asText() + " |", "(" + runbook + ")");
        });
    }

    @Test
    void every_alert_has_a_test_in_which_it_fires_and_one_in_which_it_does_not() {
        assertThat(tested(true)).as("fire").isEqualTo(alerts());
        assertThat(tested(false)).as("are quiet").isEqualTo(alerts());
    }

    private static Set<String> tested(boolean firing) {
        return items(Manifests.yaml(Repository.read(TESTS)).path("tests"))
                .flatMap(test -> items(test.path("alert_rule_test")))
                .filter(one -> one.path("exp_alerts").isEmpty() != firing)
                .map(one -> one.path("alertname").asText())
                .collect(Collectors.toSet());
    }

    @Test
    void kubernetes_has_the_same_rules() {
        JsonNode deployed = Manifests.yaml(
                Repository.read(Repository.DEPLOY.resolve("kubernetes/components/telemetry/rules.yaml")));
        assertThat(deployed.path("spec"))
                .as("run deploy/observability/to-kubernetes")
                .isEqualTo(rules);
    }

    @Test
    void dashboards_ask_only_for_what_is_exported() {
        List<Path> dashboards = Repository.filesUnder(DASHBOARDS, file -> true);
        String deployed = Repository.read(FOLDER.resolve("kustomization.yaml"));
        assertThat(dashboards).hasSizeGreaterThanOrEqualTo(3).allSatisfy(file -> {
            JsonNode dashboard = Manifests.yaml(Repository.read(file));
            assertThat(deployed).contains("dashboards/" + file.getFileName());
            assertThat(dashboard.path("uid").asText())
                    .isEqualTo(file.getFileName().toString().replace(".json", ""));
            List<String> queries = dashboard.findValuesAsText("expr");
            assertThat(queries).isNotEmpty().allSatisfy(query -> assertThat(
                            Queries.problems(query, metrics, recorded()))
                    .isEmpty());
            assertThat(dashboard.findValues("datasource"))
                    .allSatisfy(
                            source -> assertThat(source.path("uid").asText()).isEqualTo("prometheus"));
        });
    }

    @Test
    void every_panel_says_what_it_shows_and_in_which_unit() {
        assertThat(dashboards().flatMap(dashboard -> items(dashboard.path("panels"))))
                .isNotEmpty()
                .allSatisfy(panel -> {
                    String title = panel.path("title").asText();
                    assertThat(title).isNotBlank();
                    if (panel.has("targets")) {
                        assertThat(panel.at("/fieldConfig/defaults/unit").asText())
                                .as(title)
                                .isNotBlank();
                    }
                });
    }

    @Test
    void no_panel_lies_over_another_or_has_its_id() {
        assertThat(dashboards()).allSatisfy(dashboard -> {
            List<JsonNode> panels = items(dashboard.path("panels")).toList();
            assertThat(panels.stream().map(panel -> panel.path("id").asInt())).doesNotHaveDuplicates();
            assertThat(panels.stream().flatMap(ObservabilityTest::cells)).doesNotHaveDuplicates();
        });
    }

    /** Of the grid of 24 columns, those that the panel covers. */
    private static Stream<List<Integer>> cells(JsonNode panel) {
        JsonNode place = panel.path("gridPos");
        int x = place.path("x").asInt();
        int y = place.path("y").asInt();
        int right = x + place.path("w").asInt();
        int below = y + place.path("h").asInt();
        assertThat(right).as(panel.path("title").asText()).isBetween(x + 1, 24);
        return IntStream.range(x, right).boxed().flatMap(column -> IntStream.range(y, below)
                .mapToObj(row -> List.of(column, row)));
    }

    @Test
    void dashboards_know_every_variable_that_they_ask_by_and_ask_only_what_is_exported_for_its_values() {
        assertThat(dashboards()).allSatisfy(dashboard -> {
            List<JsonNode> variables = items(dashboard.at("/templating/list")).toList();
            List<String> names =
                    variables.stream().map(one -> one.path("name").asText()).toList();
            assertThat(queries(dashboard)
                            .flatMap(query -> VARIABLE.matcher(query).results())
                            .map(found -> found.group(1)))
                    .allSatisfy(name -> assertThat(names).contains(name));
            assertThat(variables).allSatisfy(variable -> {
                // label_values(<series>, <label>)
                String asked = variable.at("/query/query").asText();
                assertThat(asked).startsWith("label_values(").endsWith(")");
                int label = asked.lastIndexOf(',');
                assertThat(Queries.problems(asked.substring("label_values(".length(), label), metrics, recorded()))
                        .isEmpty();
            });
        });
    }

    @Test
    void every_metric_of_carillon_is_on_a_dashboard() {
        Set<String> shown = Stream.concat(
                        dashboards().flatMap(ObservabilityTest::queries),
                        rules().filter(rule -> rule.has("record"))
                                .map(rule -> rule.path("expr").asText()))
                .flatMap(query -> Queries.selected(query).stream())
                .map(Queries.Selected::series)
                .collect(Collectors.toSet());
        assertThat(metrics.names())
                .filteredOn(name -> name.startsWith("carillon_"))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(SUFFIXES).as(name).anyMatch(suffix -> shown.contains(name + suffix)));
    }

    @Test
    void times_of_requests_are_asked_without_those_of_event_streams_which_last_as_long_as_somebody_watches() {
        Stream<String> all =
                Stream.concat(dashboards().flatMap(ObservabilityTest::queries), rules().map(rule -> rule.path("expr")
                        .asText()));
        assertThat(all.filter(query -> query.contains("http_server_requests_seconds_bucket")
                        || query.contains("http_server_requests_seconds_sum")))
                .hasSizeGreaterThanOrEqualTo(5)
                .allMatch(query -> query.contains(NO_STREAMS) || query.contains("uri=\"/"));
    }

    private static Stream<JsonNode> dashboards() {
        return Repository.filesUnder(DASHBOARDS, file -> true).stream()
                .map(file -> Manifests.yaml(Repository.read(file)));
    }

    private static Stream<String> queries(JsonNode dashboard) {
        return dashboard.findValuesAsText("expr").stream();
    }

    @Test
    void pages_for_operators_ask_only_for_what_is_exported() {
        assertThat(OperatingDocs.queries()).isNotEmpty().allSatisfy(query -> assertThat(
                        Queries.problems(query, metrics, recorded()))
                .isEmpty());
    }

    @Test
    void promtool_accepts_the_rules_and_the_configuration_and_their_own_tests_pass() {
        Command promtool = promtool();
        assertThat(promtool.run("check", "rules", RULES.toString())).satisfies(ObservabilityTest::passed);
        assertThat(promtool.run(
                        "check",
                        "config",
                        FOLDER.resolve("prometheus/prometheus.yml").toString()))
                .satisfies(ObservabilityTest::passed);
        assertThat(promtool.run("test", "rules", TESTS.toString())).satisfies(ObservabilityTest::passed);
    }

    @Test
    void promtool_refuses_rules_that_cannot_be_parsed_and_tests_fail_on_rules_that_do_not_hold() {
        Command promtool = promtool();
        Path rules = BROKEN.resolve("rules/carillon.yaml");
        Path tests = BROKEN.resolve("tests/carillon.yaml");
        Repository.write(tests, Repository.read(TESTS));
        Repository.write(rules, Repository.read(RULES).replace("max by (source)", "max by source"));
        assertThat(promtool.run("check", "rules", rules.toString()).exit()).isNotZero();
        Repository.write(rules, Repository.read(RULES).replace("> 14.4 * 0.001", "> 144 * 0.001"));
        Ended ended = promtool.run("test", "rules", tests.toString());
        assertThat(ended.exit()).isNotZero();
        assertThat(ended.output() + ended.errors()).contains("CarillonMessagesLateFast");
    }

    private static Command promtool() {
        return LeftOut.without("promtool", ABSENT);
    }

    private static void passed(Ended ended) {
        assertThat(ended.exit()).as(ended.output() + ended.errors()).isZero();
    }

    @Test
    void a_metric_or_a_label_that_nobody_exports_is_seen() {
        assertThat(Queries.problems("sum(rate(carillon_delivery_latenes_seconds_count[5m]))", metrics, Set.of()))
                .singleElement()
                .asString()
                .contains("carillon_delivery_latenes_seconds_count");
        assertThat(Queries.problems("carillon_outbox_parked{sauce=\"booking\"} > 0", metrics, Set.of()))
                .containsExactly("carillon_outbox_parked has no label sauce");
        assertThat(Queries.problems("max by (job, sauce) (carillon_outbox_parked)", metrics, Set.of()))
                .containsExactly(
                        "nothing that is asked has the label sauce: max by (job, sauce) (carillon_outbox_parked)");
        assertThat(Queries.problems(
                        "carillon_outbox_parked * on(sauce) group_left (instance) carillon_outbox_parked",
                        metrics,
                        Set.of()))
                .singleElement()
                .asString()
                .contains("sauce");
        assertThat(Queries.problems(
                        "max by (source) (carillon_outbox_parked{source=\"by (sauce)\"})", metrics, Set.of()))
                .isEmpty();
        assertThat(Queries.selected(
                        "sum by (le) (rate(a_bucket{x=\"{b}\", y!~\"c\"}[5m] offset 1h)) > 0.5 or absent(d) unless e"))
                .containsExactly(
                        new Queries.Selected("a_bucket", List.of("x", "y")),
                        new Queries.Selected("d", List.of()),
                        new Queries.Selected("e", List.of()));
    }

    @Test
    void every_runbook_belongs_to_an_alert() {
        Set<String> named =
                rules().map(rule -> rule.at("/annotations/runbook").asText()).collect(Collectors.toSet());
        Path folder = Repository.ROOT.resolve("docs/operating/runbooks");
        assertThat(Files.isDirectory(folder)).isTrue();
        assertThat(Repository.filesUnder(folder, file -> file.toString().endsWith(".md")))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(named)
                        .contains(Repository.ROOT.relativize(file).toString()));
    }
}

package dev.carillon.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.manifests.Command.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The dashboards against Grafana's own types, which npm fetches at the versions that {@code src/test/grafana} locks: a field that those do not have is a fault. */
class DashboardTypesTest {
    private static final Path DASHBOARDS = Repository.DEPLOY.resolve("observability/grafana/dashboards");
    private static final Path SOURCES = Path.of("src/test/grafana");
    private static final Path FOLDER = Path.of("target/grafana").toAbsolutePath();
    private static final Path BROKEN = Path.of("target/broken-dashboards").toAbsolutePath();
    private static final int WRONG = 3;
    private static final String ABSENT =
            "LEFT OUT: %s (Node.js) is not on this machine, so that the dashboards were not held against Grafana's types.";

    /** What is wrong, by what is put in the place of what. */
    private static final Map<String, List<String>> FAULTS = Map.of(
            "a-field-of-the-dashboard", List.of("\"refresh\":", "\"refreshes\":"),
            "a-kind-of-panel", List.of("\"type\": \"timeseries\"", "\"type\": \"graph\""),
            "a-field-of-a-place", List.of("\"h\": 8", "\"height\": 8"),
            "a-default-of-fields", List.of("\"unit\": \"percentunit\"", "\"units\": \"percentunit\""),
            "a-mode-of-thresholds", List.of("\"mode\": \"absolute\"", "\"mode\": \"absolut\""),
            "an-option-of-a-panel", List.of("\"colorMode\":", "\"colourMode\":"),
            "a-value-of-an-option", List.of("\"colorMode\": \"value\"", "\"colorMode\": \"valu\""),
            "a-field-of-a-query", List.of("\"legendFormat\":", "\"legend\":"),
            "a-field-of-a-row", List.of("\"collapsed\": false", "\"collapsed\": \"no\""));

    @BeforeAll
    static void grafanas_types_and_the_compiler_are_installed() throws IOException {
        Command npm = LeftOut.without("npm", ABSENT.formatted("npm"));
        node();
        Files.createDirectories(FOLDER);
        for (String file : List.of("package.json", "package-lock.json", "dashboard.d.ts", "check.js")) {
            Files.copy(SOURCES.resolve(file), FOLDER.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        Ended installed = npm.run("ci", "--prefix", FOLDER.toString(), "--ignore-scripts", "--no-audit", "--no-fund");
        assertThat(installed.exit()).as(installed.output() + installed.errors()).isZero();
    }

    @Test
    void every_dashboard_is_one_by_the_types_of_grafana() {
        Ended ended = check(Repository.filesUnder(DASHBOARDS, file -> true));
        assertThat(ended.output()).isEmpty();
        assertThat(ended.exit()).as(ended.errors()).isZero();
    }

    @Test
    void what_is_misspelt_is_seen_however_deep_it_is() {
        String dashboard = Repository.read(DASHBOARDS.resolve("carillon-promise.json"));
        FAULTS.forEach((name, change) -> {
            assertThat(dashboard).contains(change.getFirst());
            Repository.write(BROKEN.resolve(name + ".json"), dashboard.replace(change.getFirst(), change.getLast()));
        });
        Ended ended = check(FAULTS.keySet().stream()
                .map(name -> BROKEN.resolve(name + ".json"))
                .toList());
        assertThat(ended.exit()).as(ended.errors()).isEqualTo(WRONG);
        assertThat(FAULTS.keySet())
                .allSatisfy(name ->
                        assertThat(ended.output().lines()).as(name).anyMatch(line -> line.startsWith(name + ":")));
    }

    @Test
    void the_types_are_those_of_the_grafana_that_is_run() {
        String version = Manifests.yaml(Repository.read(SOURCES.resolve("package.json")))
                .at("/dependencies/@grafana~1schema")
                .asText();
        assertThat(Repository.read(Repository.DEPLOY.resolve("compose/compose.yaml")))
                .contains("image: grafana/grafana:" + version + "\n");
    }

    private static Command node() {
        return LeftOut.without("node", ABSENT.formatted("node"));
    }

    private static Ended check(List<Path> dashboards) {
        var arguments = new ArrayList<>(List.of(FOLDER.resolve("check.js").toString()));
        dashboards.forEach(file -> arguments.add(file.toString()));
        return node().run(arguments.toArray(String[]::new));
    }
}

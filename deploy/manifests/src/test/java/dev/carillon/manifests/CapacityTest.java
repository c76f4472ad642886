package dev.carillon.manifests;

import static dev.carillon.manifests.Manifests.spec;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CapacityTest {
    private final Manifests production = Overlays.production();

    @Test
    void production_requests_what_the_capacity_page_derives_from_the_benchmarks() {
        Map<String, Capacity.Row> documented = Capacity.documented();
        assertThat(documented).hasSize(4);
        assertThat(Overlays.replicated()).allSatisfy(manifests -> assertThat(Capacity.problems(manifests, documented))
                .isEmpty());
        String resident = List.of("scheduler", "delivery", "booking", "outbox-relay").stream()
                .map(service -> Integer.toString(
                        Objects.requireNonNull(documented.get(service)).resident()))
                .collect(Collectors.joining(", "));
        assertThat(Repository.read(Repository.ROOT.resolve("docs/benchmarks.md"))
                        .lines()
                        .filter(line -> line.startsWith("| serial (default)")))
                .singleElement()
                .asString()
                .contains(resident + " MiB");
    }

    @Test
    void the_database_server_has_connections_for_all_that_may_be_open_at_once() {
        int most = production
                .find("Cluster", "carillon-postgres")
                .orElseThrow()
                .at("/spec/postgresql/parameters/max_connections")
                .asInt();
        assertThat(Capacity.connections(production)).isBetween(most / 2, most * 9 / 10);
        assertThat(Repository.read(Repository.ROOT.resolve("docs/operating/capacity.md")))
                .contains("**" + Capacity.connections(production) + " of " + most + "**");
    }

    @Test
    void a_pod_may_take_what_its_image_can_use_with_something_left_for_threads_and_metaspace() {
        var options = Pattern.compile("(?m)^-X(?:mx|X:ReservedCodeCacheSize=|X:MaxDirectMemorySize=)(\\d+)m$");
        assertThat(production.services()).allSatisfy(pods -> {
            String module = Repository.MODULES.stream()
                    .filter(one -> one.replace("-service", "").equals(pods.name()))
                    .findFirst()
                    .orElseThrow();
            List<Integer> bounds = options.matcher(Repository.read(Dockerfiles.options(module)))
                    .results()
                    .map(one -> Integer.valueOf(one.group(1)))
                    .toList();
            assertThat(bounds).as("heap, code and buffers").hasSize(3);
            int given = Integer.parseInt(SettingsInUse.container(pods)
                    .at("/resources/limits/memory")
                    .asText()
                    .replace("Mi", ""));
            assertThat(given)
                    .isGreaterThanOrEqualTo(
                            bounds.stream().mapToInt(Integer::intValue).sum() + 160);
        });
    }

    @Test
    void a_request_that_is_not_the_documented_one_is_seen() {
        assertThat(Capacity.problems(
                        production.with("Deployment", "booking", one -> spec(
                                        one, "/template/spec/containers/0/resources/requests")
                                .put("cpu", "500m")),
                        Capacity.documented()))
                .containsExactly("booking does not request cpu 200m");
        assertThat(new Capacity.Row(300, 256, 0.1, 150).problems("any"))
                .singleElement()
                .asString()
                .contains("256Mi");
    }
}

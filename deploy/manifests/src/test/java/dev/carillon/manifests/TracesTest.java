package dev.carillon.manifests;

import static dev.carillon.manifests.Manifests.items;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which traces Jaeger keeps where Carillon brings it along, and whether they come to it. */
class TracesTest {
    private static final Path FILE = Repository.DEPLOY.resolve("observability/jaeger/jaeger.yaml");
    private static final String MOUNTED = "/etc/jaeger/jaeger.yaml";

    /** Of the sources of the services and of what they share. */
    private static final String SOURCES = Stream.concat(Stream.of("service-kit/runtime"), Repository.MODULES.stream())
            .flatMap(module -> Repository.filesUnder(
                    Repository.ROOT.resolve(module).resolve("src/main/java"),
                    file -> file.toString().endsWith(".java"))
                    .stream())
            .map(Repository::read)
            .collect(Collectors.joining("\n"));

    private static JsonNode jaeger() {
        return Manifests.yaml(Repository.read(FILE));
    }

    @Test
    void what_failed_and_what_was_late_is_kept_and_of_the_rest_a_share() {
        JsonNode sampling = jaeger().at("/processors/tail_sampling");
        List<JsonNode> policies = items(sampling.path("policies")).toList();
        assertThat(policies)
                .extracting(policy -> policy.path("type").asText())
                .containsExactly("status_code", "numeric_attribute", "probabilistic");
        assertThat(policies.get(0).at("/status_code/status_codes").toString()).isEqualTo("[\"ERROR\"]");
        assertThat(policies.get(1).at("/numeric_attribute/min_value").asInt())
                .as("later than the second that is promised")
                .isEqualTo(1_001);
        assertThat(policies.get(2).at("/probabilistic/sampling_percentage").asText())
                .matches("\\$\\{env:[A-Z_]+:-\\d+}");
        assertThat(sampling.at("/decision_cache/non_sampled_cache_size").asInt())
                .as("what is not kept is forgotten at once, since its message may be late yet")
                .isEqualTo(1);
    }

    @Test
    void policies_ask_for_attributes_that_services_set() {
        assertThat(unset(jaeger())).isEmpty();
        assertThat(unset(Manifests.yaml(Repository.read(FILE).replace("carillon.lateness.ms", "carillon.latenes.ms"))))
                .containsExactly("carillon.latenes.ms");
    }

    private static List<String> unset(JsonNode jaeger) {
        return items(jaeger.at("/processors/tail_sampling/policies"))
                .flatMap(policy -> policy.findValuesAsText("key").stream())
                .filter(key -> !SOURCES.contains("\"" + key + "\""))
                .toList();
    }

    @Test
    void every_part_of_a_pipeline_is_there_and_every_part_that_is_there_is_used() {
        JsonNode jaeger = jaeger();
        JsonNode traces = jaeger.at("/service/pipelines/traces");
        assertThat(traces.path("processors").toString()).isEqualTo("[\"tail_sampling\"]");
        for (String part : List.of("receivers", "processors", "exporters")) {
            assertThat(names(jaeger.path(part))).isEqualTo(texts(traces.path(part)));
        }
        assertThat(names(jaeger.path("extensions")))
                .containsExactlyInAnyOrderElementsOf(texts(jaeger.at("/service/extensions")));
        String storage =
                jaeger.at("/exporters/jaeger_storage_exporter/trace_storage").asText();
        assertThat(storage)
                .isEqualTo(jaeger.at("/extensions/jaeger_query/storage/traces").asText());
        assertThat(names(jaeger.at("/extensions/jaeger_storage/backends"))).containsExactly(storage);
    }

    private static List<String> names(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> texts(JsonNode array) {
        return items(array).map(JsonNode::asText).toList();
    }

    @Test
    void services_in_containers_send_their_traces_to_the_jaeger_that_reads_it() {
        JsonNode services = Manifests.yaml(ComposeFile.text()).path("services");
        assertThat(ComposeFile.text()).contains("CARILLON_OTLP_ENDPOINT: " + endpoint());
        assertThat(services.at("/jaeger/command").toString()).contains("--config=" + MOUNTED);
        assertThat(texts(services.at("/jaeger/volumes")))
                .containsExactly("../observability/jaeger/jaeger.yaml:" + MOUNTED + ":ro");
    }

    @Test
    void services_of_the_local_cluster_send_their_traces_to_the_jaeger_that_reads_it() {
        Manifests local = Kustomize.render(Repository.DEPLOY.resolve("kubernetes/overlays/local"));
        assertThat(local.find("ConfigMap", "carillon-platform")
                        .orElseThrow()
                        .at("/data/CARILLON_OTLP_ENDPOINT")
                        .asText())
                .isEqualTo(endpoint());
        JsonNode pod = local.find("Deployment", "jaeger").orElseThrow().at("/spec/template/spec");
        assertThat(pod.at("/containers/0/args").toString()).contains("--config=" + MOUNTED);
        assertThat(MOUNTED)
                .startsWith(pod.at("/containers/0/volumeMounts/0/mountPath").asText() + "/");
        String mounted = pod.at("/volumes/0/configMap/name").asText();
        assertThat(local.of("ConfigMap").filter(one -> Manifests.name(one).equals(mounted)))
                .singleElement()
                .satisfies(one -> assertThat(Manifests.yaml(
                                one.path("data").path("jaeger.yaml").asText()))
                        .isEqualTo(jaeger()));
    }

    /** By the name that Jaeger has in both, at the port where it takes traces. */
    private static String endpoint() {
        String listens = jaeger().at("/receivers/otlp/protocols/http/endpoint").asText();
        return listens.replace("0.0.0.0", "http://jaeger");
    }
}

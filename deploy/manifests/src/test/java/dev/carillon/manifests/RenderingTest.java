package dev.carillon.manifests;

import static dev.carillon.manifests.Manifests.spec;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RenderingTest {
    private final Manifests production = Overlays.production();

    @Test
    void every_folder_renders_and_holds_nothing_that_the_types_of_its_kinds_do_not_know() {
        assertThat(Kustomize.folders()).hasSizeGreaterThanOrEqualTo(8).allSatisfy(folder -> assertThat(
                        StrictTypes.problems(Kustomize.render(folder)))
                .isEmpty());
    }

    @Test
    void every_component_renders_on_every_base_and_overlay() {
        List<Path> components = Repository.filesUnder(
                        Overlays.KUBERNETES.resolve("components"), file -> file.endsWith("kustomization.yaml"))
                .stream()
                .map(Path::getParent)
                .filter(component -> !component.endsWith("service-pod"))
                .toList();
        List<Path> bases =
                Repository.filesUnder(Overlays.KUBERNETES.resolve("base"), file -> file.endsWith("kustomization.yaml"))
                        .stream()
                        .map(Path::getParent)
                        .toList();
        assertThat(components).hasSize(2);
        for (Path component : components) {
            assertThat(bases).hasSize(4).allSatisfy(base -> assertThat(
                            StrictTypes.problems(Overlays.with(component, base)))
                    .isEmpty());
        }
        assertThat(Overlays.all())
                .allSatisfy((name, manifests) ->
                        assertThat(StrictTypes.problems(manifests)).as(name).isEmpty());
    }

    @Test
    void an_unknown_field_is_seen_in_every_kind_of_type() {
        assertThat(StrictTypes.problems(
                        production.with("Deployment", "scheduler", one -> spec(one, "/template/spec/containers/0")
                                .put("imagePullPolice", "x"))))
                .singleElement()
                .asString()
                .contains("imagePullPolice");
        assertThat(StrictTypes.problems(production.with(
                        "Kafka", "carillon", one -> spec(one, "/kafka").put("listener", "x"))))
                .singleElement()
                .asString()
                .contains("listener");
        assertThat(StrictTypes.problems(
                        production.with("KafkaUser", "booking", one -> spec(one, "/authorization/acls/0")
                                .put("opration", "Read"))))
                .singleElement()
                .asString()
                .contains("opration");
        assertThat(StrictTypes.problems(production.with(
                        "Cluster", "carillon-postgres", one -> spec(one, "").put("instance", 3))))
                .singleElement()
                .asString()
                .contains("instance");
        assertThat(StrictTypes.problems(production.with("ServiceMonitor", "carillon", one -> spec(one, "/endpoints/0")
                        .put("intervall", "15s"))))
                .singleElement()
                .asString()
                .contains("intervall");
        assertThat(StrictTypes.problems(
                        production.with("ConfigMap", "booking-settings", one -> ((ObjectNode) one.path("data"))
                                .put("CARILLON_DATABASE_PORT", 5432))))
                .containsExactly("ConfigMap "
                        + Manifests.name(
                                production.find("ConfigMap", "booking-settings").orElseThrow())
                        + ": data.CARILLON_DATABASE_PORT is no text");
        assertThat(StrictTypes.problems(production.with("Service", "scheduler", one -> one.put("kind", "Servise"))))
                .singleElement()
                .asString()
                .contains("no type is known");
    }
}

package dev.carillon.manifests;

import static dev.carillon.manifests.Manifests.spec;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ReferencesTest {
    private final Manifests local = Overlays.local();
    private final Manifests production = Overlays.production();
    private final Map<String, Manifests> rendered = Overlays.all();
    private final SecretKeys secrets = SecretKeys.documented();

    @Test
    void what_resources_name_is_there() {
        assertThat(rendered).allSatisfy((name, manifests) -> assertThat(References.problems(manifests, secrets))
                .as(name)
                .isEmpty());
    }

    @Test
    void every_secret_is_documented_needed_and_made_for_the_local_overlay() {
        var needed = new TreeSet<String>();
        rendered.values().forEach(manifests -> secrets.keys().keySet().stream()
                .filter(name -> manifests.resources().toString().contains("\"" + name + "\""))
                .forEach(needed::add));
        assertThat(needed).containsExactlyInAnyOrderElementsOf(secrets.keys().keySet());
        assertThat(References.problems(local, SecretKeys.madeLocally()))
                .allMatch(problem -> problem.contains("smtp-") || problem.contains("telegram-token"));
    }

    @Test
    void a_reference_to_what_is_not_there_is_seen() {
        assertBroken(
                one -> one.with(
                        "Service", "scheduler", it -> spec(it, "/selector").put("app.kubernetes.io/name", "schedular")),
                "Service scheduler");
        assertBroken(
                one -> one.with("Service", "booking", it -> spec(it, "/ports/0").put("targetPort", "htp")), "htp");
        assertBroken(
                one -> one.with(
                        "Deployment", "booking", it -> spec(it, "/template/spec/containers/0/readinessProbe/httpGet")
                                .put("path", "/health")),
                "readinessProbe");
        assertBroken(
                one -> one.with("Deployment", "delivery", it -> spec(
                                it, "/template/spec/containers/0/env/0/valueFrom/secretKeyRef")
                        .put("key", "user")),
                "user");
        assertBroken(
                one -> one.without(
                        "ConfigMap",
                        Manifests.name(
                                one.find("ConfigMap", "carillon-platform").orElseThrow())),
                "carillon-platform");
        assertBroken(
                one -> one.with("KafkaNodePool", "broker", it -> spec(it, "/template/pod/metadata/labels")
                        .removeAll()),
                "lets out");
        assertBroken(one -> one.without("Cluster", "carillon-postgres"), "carillon-postgres: selects no pods");
        assertBroken(
                one -> one.with("NetworkPolicy", "carillon-postgres", it -> spec(
                                it, "/ingress/0/from/0/podSelector/matchLabels")
                        .put("app.kubernetes.io/component", "servant")),
                "lets in");
        assertBroken(one -> one.without("Deployment", "booking"), "booking");
        assertBroken(one -> one.with("Database", "booking", it -> spec(it, "").put("owner", "nobody")), "owner");
        assertBroken(
                one -> one.with("KafkaTopic", "carillon.slot.events.v1", it -> ((ObjectNode) it.at("/metadata/labels"))
                        .put("strimzi.io/cluster", "x")),
                "KafkaTopic");
        assertBroken(one -> one.without("KafkaTopic", "carillon.api-keys.v1"), "KafkaUser booking");
        assertBroken(one -> one.without("KafkaUser", "delivery"), "sasl.jaas.config");
        assertBroken(
                one -> one.with(
                        "ServiceMonitor", "carillon", it -> spec(it, "").put("jobLabel", "app.kubernetes.io/part-of")),
                "ServiceMonitor");
    }

    private void assertBroken(UnaryOperator<Manifests> change, String said) {
        assertThat(References.problems(change.apply(production), secrets)).anyMatch(problem -> problem.contains(said));
    }
}

package dev.carillon.manifests;

import static dev.carillon.manifests.Manifests.spec;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServicePodsTest {
    private final Manifests production = Overlays.production();
    private final Manifests external = Overlays.external();
    private final Map<String, Manifests> rendered = Overlays.all();

    @Test
    void services_are_given_what_they_read_and_nothing_else() {
        assertThat(rendered).allSatisfy((name, manifests) -> {
            assertThat(manifests.services()).as(name).hasSize(4);
            assertThat(SettingsInUse.problems(manifests)).as(name).isEmpty();
        });
    }

    @Test
    void services_are_replaced_without_a_loss_and_have_no_rights_that_they_do_not_need() {
        assertThat(rendered)
                .allSatisfy((name, manifests) ->
                        assertThat(SafeEnd.problems(manifests)).as(name).isEmpty());
    }

    @Test
    void services_that_are_replicated_are_spread_enough_of_them_are_kept_and_they_ask_for_what_they_need() {
        assertThat(Overlays.replicated()).allSatisfy(ServicePodsTest::assertThatServicesAreSpread);
    }

    private static void assertThatServicesAreSpread(Manifests manifests) {
        assertThat(manifests.services()).hasSize(4).allSatisfy(pods -> {
            assertThat(manifests.find("PodDisruptionBudget", pods.name())).hasValueSatisfying(budget -> assertThat(
                            budget.at("/spec/unhealthyPodEvictionPolicy").asText())
                    .as("a node can be drained while no pod is ready")
                    .isEqualTo("AlwaysAllow"));
            assertThat(pods.template().at("/spec/topologySpreadConstraints")).hasSize(2);
            assertThat(SettingsInUse.container(pods).at("/resources/requests")).hasSize(2);
            assertThat(SettingsInUse.container(pods).path("image").asText())
                    .matches("registry\\.example\\.org/carillon/.+:.+");
        });
    }

    @Test
    void a_setting_that_no_service_reads_is_seen() {
        var misspelt = production.with("Deployment", "delivery", one -> spec(one, "/template/spec/containers/0/env/0")
                .put("name", "CARILLON_DATABASE_USR"));
        assertThat(SettingsInUse.problems(misspelt)).containsExactly("delivery does not read CARILLON_DATABASE_USR");
        var lost = production.without("Cluster", "carillon-postgres");
        assertThat(SettingsInUse.problems(lost)).anyMatch(problem -> problem.contains("carillon-postgres-rw"));
    }

    @Test
    void a_file_that_a_setting_names_and_no_volume_has_is_seen() {
        String file = "/etc/carillon/authorities/postgres.pem";
        assertThat(SettingsInUse.problems(
                        external.with("Deployment", "booking", ServicePodsTest::renameFirstAuthority)))
                .containsExactly("booking has no file " + file + ", which CARILLON_DATABASE_TLS_CA names");
        assertThat(Migrations.problems(external.with("Job", "migrate-booking", ServicePodsTest::renameFirstAuthority)))
                .containsExactly("migrate-booking has no file " + file + ", which CARILLON_DATABASE_TLS_CA names");
    }

    private static void renameFirstAuthority(ObjectNode owner) {
        spec(owner, "/template/spec/volumes/1/secret/items/0").put("path", "other.pem");
    }

    @Test
    void an_end_that_may_lose_something_is_seen() {
        assertThat(SafeEnd.problems(production.with("Deployment", "scheduler", one -> spec(one, "/template/spec")
                        .put("terminationGracePeriodSeconds", 30))))
                .singleElement()
                .asString()
                .contains("may need");
        assertThat(SafeEnd.problems(production.with(
                        "Deployment", "delivery", one -> spec(one, "").put("replicas", 4))))
                .singleElement()
                .asString()
                .contains("instances");
        assertThat(SafeEnd.problems(production.with(
                        "Deployment", "booking", one -> spec(one, "/template/spec/containers/0/securityContext")
                                .put("readOnlyRootFilesystem", false))))
                .singleElement()
                .asString()
                .contains("rights");
    }
}

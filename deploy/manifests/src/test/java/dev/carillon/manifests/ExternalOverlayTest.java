package dev.carillon.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ExternalOverlayTest {
    private final Manifests external = Overlays.external();

    @Test
    void external_leaves_databases_and_brokers_to_others_and_finds_them_by_one_file() {
        assertThat(Stream.of("Kafka", "KafkaNodePool", "KafkaTopic", "Cluster", "Database", "StatefulSet")
                        .flatMap(external::of))
                .isEmpty();
        JsonNode servers = Manifests.yaml(Repository.read(Overlays.EXTERNAL.resolve("servers.yaml")))
                .path("data");
        assertThat(external.find("ConfigMap", "servers")).isEmpty();
        String host = servers.path("postgres-host").asText();
        assertThat(external.pods()).hasSize(7).allSatisfy(pods -> {
            assertThat(ofDatabases(pods, "HOST")).containsOnly(host);
            assertThat(ofDatabases(pods, "PORT"))
                    .containsOnly(servers.path("postgres-port").asText());
            assertThat(SettingsInUse.environment(external, pods))
                    .containsEntry(
                            "KAFKA_BOOTSTRAP_SERVERS",
                            servers.path("kafka-servers").asText());
        });
        String network = servers.path("network").asText();
        assertThat(external.of("NetworkPolicy").flatMap(policy -> portsTo(network, policy)))
                .containsExactlyInAnyOrder(
                        "carillon-backbone " + servers.path("postgres-port").asInt(),
                        "carillon-backbone " + servers.path("kafka-port").asInt(),
                        "carillon-migrations " + servers.path("postgres-port").asInt());
        assertThat(Repository.filesUnder(
                        Overlays.KUBERNETES, file -> file.toString().endsWith(".yaml")))
                .filteredOn(file -> Repository.read(file).contains(host))
                .containsExactly(Overlays.EXTERNAL.resolve("servers.yaml"));
    }

    /** What a service or a job is told of each database that it uses. */
    private List<String> ofDatabases(Manifests.Pods pods, String setting) {
        return SettingsInUse.environment(external, pods).entrySet().stream()
                .filter(one -> one.getKey().matches("CARILLON_(DATABASE|RELAY_SOURCES_[A-Z]+)_" + setting))
                .map(Map.Entry::getValue)
                .toList();
    }

    private static Stream<String> portsTo(String network, JsonNode policy) {
        return Manifests.items(policy.at("/spec/egress"))
                .filter(rule -> rule.at("/to/0/ipBlock/cidr").asText().equals(network))
                .flatMap(rule -> Manifests.items(rule.path("ports")))
                .map(port -> Manifests.name(policy) + " " + port.path("port").asInt());
    }

    @Test
    void external_encrypts_every_connection_and_has_its_users_from_secrets() {
        assertThat(external.pods()).allSatisfy(pods -> {
            assertThat(ofDatabases(pods, "TLS")).containsOnly("verify-full");
            assertThat(ofDatabases(pods, "TLS_CA")).hasSameSizeAs(ofDatabases(pods, "HOST"));
            assertThat(SettingsInUse.environment(external, pods)).containsEntry("KAFKA_SECURITY_PROTOCOL", "SASL_SSL");
        });
        assertThat(external.services()).allSatisfy(pods -> assertThat(Manifests.items(
                                SettingsInUse.container(pods).path("env"))
                        .filter(one -> one.path("name").asText().equals("KAFKA_SASL_JAAS_CONFIG"))
                        .map(one -> one.at("/valueFrom/secretKeyRef/name").asText()))
                .containsExactly("carillon-kafka"));
    }
}

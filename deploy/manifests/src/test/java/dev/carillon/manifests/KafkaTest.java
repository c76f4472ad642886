package dev.carillon.manifests;

import static dev.carillon.manifests.Manifests.spec;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KafkaTest {
    private final Manifests local = Overlays.local();
    private final Manifests production = Overlays.production();

    @Test
    void topics_are_those_that_the_local_stack_makes() {
        assertThat(DeployedTopics.problems(DeployedTopics.of(production))).isEmpty();
        assertThat(DeployedTopics.problems(DeployedTopics.ofScript(script()))).isEmpty();
    }

    @Test
    void the_local_kafka_keeps_its_topics_when_its_pod_is_replaced_and_who_makes_them_can_be_applied_again() {
        var kafka = local.find("StatefulSet", "kafka").orElseThrow();
        assertThat(kafka.at("/spec/template/spec/volumes").toString()).doesNotContain("emptyDir");
        String volume = kafka.at("/spec/volumeClaimTemplates/0/metadata/name").asText();
        String mount = kafka.at("/spec/template/spec/containers/0/volumeMounts/0/mountPath")
                .asText();
        assertThat(kafka.at("/spec/template/spec/containers/0/volumeMounts/0/name")
                        .asText())
                .isEqualTo(volume)
                .isNotEmpty();
        assertThat(Manifests.items(kafka.at("/spec/template/spec/containers/0/env"))
                        .filter(one -> one.path("name").asText().equals("KAFKA_LOG_DIRS"))
                        .map(one -> one.path("value").asText()))
                .singleElement()
                .asString()
                .startsWith(mount + "/");
        assertThat(local.find("Job", "create-topics")
                        .orElseThrow()
                        .at("/spec/ttlSecondsAfterFinished")
                        .asInt())
                .isPositive();
    }

    @Test
    void production_speaks_to_kafka_encrypted_and_each_service_as_itself() {
        assertThat(Manifests.items(
                        production.find("Kafka", "carillon").orElseThrow().at("/spec/kafka/listeners")))
                .isNotEmpty()
                .allSatisfy(listener -> {
                    assertThat(listener.path("tls").asBoolean()).isTrue();
                    assertThat(listener.at("/authentication/type").asText()).isEqualTo("scram-sha-512");
                });
        assertThat(production.services()).hasSize(4).allSatisfy(pods -> {
            assertThat(SettingsInUse.environment(production, pods))
                    .containsEntry("KAFKA_SECURITY_PROTOCOL", "SASL_SSL")
                    .containsEntry("KAFKA_SASL_MECHANISM", "SCRAM-SHA-512");
            assertThat(Manifests.items(SettingsInUse.container(pods).path("env"))
                            .filter(one -> one.path("name").asText().equals("KAFKA_SASL_JAAS_CONFIG"))
                            .map(one -> one.at("/valueFrom/secretKeyRef/name").asText()))
                    .containsExactly(pods.name());
        });
    }

    @Test
    void what_keeps_everything_is_not_the_first_to_go_and_no_machine_has_two_brokers() {
        assertThat(production.find("Cluster", "carillon-postgres").orElseThrow().at("/spec/resources/requests"))
                .hasSize(2);
        var brokers = production.find("KafkaNodePool", "broker").orElseThrow();
        assertThat(brokers.at("/spec/resources/requests")).hasSize(2);
        assertThat(Manifests.items(brokers.at("/spec/template/pod/topologySpreadConstraints")))
                .anySatisfy(spread -> {
                    assertThat(spread.path("topologyKey").asText()).isEqualTo("kubernetes.io/hostname");
                    assertThat(spread.path("whenUnsatisfiable").asText()).isEqualTo("DoNotSchedule");
                    assertThat(spread.at("/labelSelector/matchLabels"))
                            .isEqualTo(Manifests.yaml("{strimzi.io/cluster: carillon, strimzi.io/pool-name: broker}"));
                });
    }

    @Test
    void kafka_lets_each_service_read_and_write_what_it_needs_to() {
        assertThat(KafkaRightsNeeded.problems(production)).isEmpty();
    }

    @Test
    void a_topic_that_is_missing_or_other_is_seen() {
        assertThat(DeployedTopics.problems(DeployedTopics.of(production.without("KafkaTopic", "carillon.api-keys.v1"))))
                .containsExactly("nobody makes carillon.api-keys.v1");
        assertThat(DeployedTopics.problems(DeployedTopics.of(
                        production.with("KafkaTopic", "carillon.api-keys.v1", one -> spec(one, "/config")
                                .remove("cleanup.policy")))))
                .singleElement()
                .asString()
                .contains("carillon.api-keys.v1 has");
        assertThat(DeployedTopics.problems(DeployedTopics.of(
                        production.with("KafkaTopic", "carillon.slot.events.v1", one -> spec(one, "/config")
                                .put("retention.ms", 864_000_000)))))
                .containsExactly("carillon.slot.events.v1 is kept longer than inboxes remember");
        assertThat(DeployedTopics.problems(
                        DeployedTopics.ofScript(script().replace("slot.events.v1 6", "slot.events.v1 3"))))
                .singleElement()
                .asString()
                .contains("3 partitions");
    }

    @Test
    void a_right_that_a_service_needs_at_kafka_and_has_not_is_seen() {
        assertThat(KafkaRightsNeeded.problems(
                        production.with("KafkaUser", "delivery", one -> spec(one, "/authorization/acls/0/resource")
                                .put("name", "carillon.message.staged.v"))))
                .containsExactly("delivery may not Read the topic carillon.message.staged.v1");
        assertThat(KafkaRightsNeeded.problems(
                        production.with("KafkaUser", "scheduler", one -> spec(one, "/authorization/acls/2")
                                .putArray("operations")
                                .add("Read"))))
                .containsExactly("scheduler may not Write the topic carillon.delivery.events.v1.scheduler.dlq");
        assertThat(KafkaRightsNeeded.problems(
                        production.with("KafkaUser", "booking", one -> spec(one, "/authorization/acls/2/resource")
                                .put("name", "bookings"))))
                .containsExactly("booking may not Read the group booking");
        assertThat(KafkaRightsNeeded.problems(
                        production.with("KafkaUser", "booking", one -> spec(one, "/authorization/acls/3/resource")
                                .put("name", "carillon.api-keys"))))
                .containsExactly("booking may not Read the topic carillon.api-keys.v1");
        assertThat(KafkaRightsNeeded.problems(
                        production.with("KafkaUser", "outbox-relay", one -> spec(one, "/authorization/acls/1/resource")
                                .put("patternType", "literal"))))
                .contains("outbox-relay may not Read the group carillon.message.staged.v1.delivery.dlq.redrive");
        assertThat(KafkaRightsNeeded.problems(
                        production.with("KafkaUser", "outbox-relay", one -> spec(one, "/authorization/acls/0")
                                .putArray("operations")
                                .add("Read"))))
                .hasSize(8)
                .contains("outbox-relay may not Write the topic carillon.slot.events.v1");
        assertThat(KafkaRightsNeeded.problems(
                        production.with("KafkaUser", "outbox-relay", one -> spec(one, "/authorization/acls/1/resource")
                                .put("name", "carillon.booking."))))
                .hasSize(4)
                .contains("outbox-relay may not Read the group carillon.message.staged.v1.delivery.dlq.redrive");
        assertThat(KafkaRightsNeeded.problems(production.without("KafkaUser", "delivery")))
                .hasSize(6);
    }

    private static String script() {
        return Repository.read(Repository.DEPLOY.resolve("infrastructure/create-topics.sh"));
    }
}

package dev.carillon.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KubernetesTest {
    private static final Path KUBERNETES = Repository.DEPLOY.resolve("kubernetes");
    private static final Path EXTERNAL = KUBERNETES.resolve("overlays/external");
    private static final Path OWN = Path.of("target/kustomize").toAbsolutePath();

    private final Manifests local = Kustomize.render(KUBERNETES.resolve("overlays/local"));
    private final Manifests production = Kustomize.render(KUBERNETES.resolve("overlays/production"));
    private final Manifests external = Kustomize.render(EXTERNAL);
    private final List<Manifests> replicated = List.of(production, external);
    private final Map<String, Manifests> rendered = Map.of(
            "local", local,
            "local with telemetry",
                    both(KUBERNETES.resolve("overlays/local"), KUBERNETES.resolve("components/telemetry")),
            "production", production,
            "external", external);
    private final SecretKeys secrets = SecretKeys.documented();

    @Test
    void every_folder_renders_and_holds_nothing_that_the_types_of_its_kinds_do_not_know() {
        assertThat(Kustomize.folders()).hasSizeGreaterThanOrEqualTo(8).allSatisfy(folder -> assertThat(
                        StrictTypes.problems(Kustomize.render(folder)))
                .isEmpty());
    }

    @Test
    void every_component_renders_on_every_base_and_overlay() {
        List<Path> components =
                Repository.filesUnder(KUBERNETES.resolve("components"), file -> file.endsWith("kustomization.yaml"))
                        .stream()
                        .map(Path::getParent)
                        .filter(component -> !component.endsWith("service-pod"))
                        .toList();
        List<Path> bases =
                Repository.filesUnder(KUBERNETES.resolve("base"), file -> file.endsWith("kustomization.yaml")).stream()
                        .map(Path::getParent)
                        .toList();
        assertThat(components).hasSize(2);
        for (Path component : components) {
            assertThat(bases).hasSize(4).allSatisfy(base -> assertThat(StrictTypes.problems(both(base, component)))
                    .isEmpty());
        }
        assertThat(rendered)
                .allSatisfy((name, manifests) ->
                        assertThat(StrictTypes.problems(manifests)).as(name).isEmpty());
    }

    private static Manifests both(Path base, Path component) {
        Path folder = OWN.resolve(base.getFileName() + "-" + component.getFileName());
        Repository.write(
                folder.resolve("kustomization.yaml"),
                "kind: Kustomization\nresources: [%s]\ncomponents: [%s]\n"
                        .formatted(folder.relativize(base), folder.relativize(component)));
        return Kustomize.render(folder);
    }

    @Test
    void what_resources_name_is_there() {
        assertThat(rendered).allSatisfy((name, manifests) -> assertThat(References.problems(manifests, secrets))
                .as(name)
                .isEmpty());
    }

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
    void topics_are_those_that_the_local_stack_makes() {
        assertThat(DeployedTopics.problems(DeployedTopics.of(production))).isEmpty();
        assertThat(DeployedTopics.problems(DeployedTopics.ofScript(script()))).isEmpty();
    }

    @Test
    void services_that_are_replicated_are_spread_enough_of_them_are_kept_and_they_ask_for_what_they_need() {
        assertThat(replicated).allSatisfy(KubernetesTest::assertThatServicesAreSpread);
    }

    private static void assertThatServicesAreSpread(Manifests manifests) {
        assertThat(manifests.services()).hasSize(4).allSatisfy(pods -> {
            assertThat(manifests.find("PodDisruptionBudget", pods.name())).isPresent();
            assertThat(pods.template().at("/spec/topologySpreadConstraints")).hasSize(2);
            assertThat(SettingsInUse.container(pods).at("/resources/requests")).hasSize(2);
            assertThat(SettingsInUse.container(pods).path("image").asText())
                    .matches("registry\\.example\\.org/carillon/.+:.+");
        });
    }

    @Test
    void production_requests_what_the_capacity_page_derives_from_the_benchmarks() {
        Map<String, Capacity.Row> documented = Capacity.documented();
        assertThat(documented).hasSize(4);
        assertThat(replicated).allSatisfy(manifests -> assertThat(Capacity.problems(manifests, documented))
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
    void production_migrates_each_database_in_a_job_of_its_services_image_before_the_service_starts() {
        assertThat(replicated).allSatisfy(manifests -> assertThat(Migrations.problems(manifests))
                .isEmpty());
    }

    @Test
    void external_leaves_databases_and_brokers_to_others_and_finds_them_by_one_file() {
        assertThat(Stream.of("Kafka", "KafkaNodePool", "KafkaTopic", "Cluster", "Database", "StatefulSet")
                        .flatMap(external::of))
                .isEmpty();
        JsonNode servers = Manifests.yaml(Repository.read(EXTERNAL.resolve("servers.yaml")))
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
        assertThat(Repository.filesUnder(KUBERNETES, file -> file.toString().endsWith(".yaml")))
                .filteredOn(file -> Repository.read(file).contains(host))
                .containsExactly(EXTERNAL.resolve("servers.yaml"));
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
    void kafka_lets_each_service_read_and_write_what_it_needs_to() {
        assertThat(KafkaRightsNeeded.problems(production)).isEmpty();
    }

    // What the checks would say of broken manifests.

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
        assertThat(SettingsInUse.problems(external.with("Deployment", "booking", KubernetesTest::renameFirstAuthority)))
                .containsExactly("booking has no file " + file + ", which CARILLON_DATABASE_TLS_CA names");
        assertThat(Migrations.problems(external.with("Job", "migrate-booking", KubernetesTest::renameFirstAuthority)))
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

    @Test
    void a_database_that_nobody_or_another_image_migrates_is_seen() {
        assertThat(Migrations.problems(production.without("Job", "migrate-booking")))
                .containsExactly("nobody migrates the database of booking");
        assertThat(Migrations.problems(
                        production.with("Job", "migrate-delivery", one -> spec(one, "/template/spec/containers/0")
                                .put("image", "carillon/delivery-service:old"))))
                .singleElement()
                .asString()
                .contains("another image");
        assertThat(Migrations.problems(production.with(
                        "Job", "migrate-scheduler", one -> spec(one, "/template/spec/containers/0/env/1")
                                .put("value", "false"))))
                .singleElement()
                .asString()
                .contains("does not end");
        assertThat(Migrations.problems(local)).anyMatch(problem -> problem.contains("nobody migrates"));
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
                        production.with("KafkaUser", "booking", one -> spec(one, "/authorization/acls/4/resource")
                                .put("patternType", "literal"))))
                .containsExactly("booking may not Read the group api-keys-${quarkus.uuid}");
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
                .hasSize(7);
    }

    private static String script() {
        return Repository.read(Repository.DEPLOY.resolve("infrastructure/create-topics.sh"));
    }

    private static ObjectNode spec(ObjectNode resource, String pointer) {
        return (ObjectNode) resource.at("/spec" + pointer);
    }
}

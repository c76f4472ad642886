package dev.carillon.manifests;

import static dev.carillon.manifests.Manifests.items;
import static dev.carillon.manifests.Manifests.name;
import static dev.carillon.manifests.Manifests.selects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.carillon.manifests.Manifests.Pods;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Whether what one resource names is there in another. */
final class References {
    private static final String IN_ALL_SERVICES = "/q/";
    private static final Map<String, String> HEALTH = Map.of(
            "startupProbe", IN_ALL_SERVICES + "health/started",
            "readinessProbe", IN_ALL_SERVICES + "health/ready",
            "livenessProbe", IN_ALL_SERVICES + "health/live");

    private final Manifests manifests;
    private final SecretKeys secrets;
    private final List<String> problems = new ArrayList<>();

    private References(Manifests manifests, SecretKeys secrets) {
        this.manifests = manifests;
        this.secrets = secrets;
    }

    static List<String> problems(Manifests manifests, SecretKeys secrets) {
        var references = new References(manifests, secrets);
        references.manifests.pods().forEach(references::pods);
        manifests.of("Service").forEach(references::service);
        manifests.of("NetworkPolicy").forEach(references::policy);
        manifests.of("PodDisruptionBudget").forEach(references::budget);
        manifests.of("HorizontalPodAutoscaler").forEach(references::autoscaler);
        manifests.of("ServiceMonitor").forEach(references::monitor);
        manifests.of("Cluster").forEach(references::cluster);
        manifests.of("Database").forEach(references::database);
        Stream.of("KafkaTopic", "KafkaNodePool", "KafkaUser")
                .flatMap(manifests::of)
                .forEach(references::ofKafka);
        manifests.of("KafkaUser").forEach(references::rights);
        return references.problems;
    }

    private void problem(JsonNode resource, String what) {
        problems.add(Manifests.kind(resource) + " " + name(resource) + ": " + what);
    }

    private void pods(Pods pods) {
        JsonNode selector = pods.owner().at("/spec/selector/matchLabels");
        if (!selects(selector, pods.labels())) {
            problem(pods.owner(), "its selector does not select its own pods");
        }
        pods.containers().forEach(container -> {
            mounts(pods, container);
            environment(pods.owner(), container);
            probes(pods, container);
        });
        items(pods.template().at("/spec/volumes")).forEach(volume -> volume(pods.owner(), volume));
        items(pods.template().at("/spec/topologySpreadConstraints")).forEach(spread -> spread(pods, spread));
    }

    private void mounts(Pods pods, JsonNode container) {
        var volumes = new HashSet<String>();
        items(pods.template().at("/spec/volumes"))
                .forEach(one -> volumes.add(one.path("name").asText()));
        items(pods.owner().at("/spec/volumeClaimTemplates")).forEach(one -> volumes.add(name(one)));
        items(container.path("volumeMounts"))
                .map(mount -> mount.path("name").asText())
                .filter(mount -> !volumes.contains(mount))
                .forEach(mount -> problem(pods.owner(), "mounts a volume that it has not: " + mount));
    }

    private void environment(JsonNode owner, JsonNode container) {
        items(container.path("envFrom"))
                .map(from -> from.at("/configMapRef/name").asText())
                .forEach(config -> configMap(owner, config));
        items(container.path("env"))
                .map(variable -> variable.at("/valueFrom/secretKeyRef"))
                .filter(reference -> !reference.isMissingNode())
                .forEach(reference -> secret(
                        owner,
                        reference.path("name").asText(),
                        reference.path("key").asText()));
    }

    private void configMap(JsonNode owner, String wanted) {
        if (manifests.of("ConfigMap").noneMatch(one -> name(one).equals(wanted))) {
            problem(owner, "there is no ConfigMap " + wanted);
        }
    }

    private void secret(JsonNode owner, String name, String key) {
        if (!secrets.has(name, key) && !isMadeByStrimzi(name, key)) {
            problem(owner, "README.md has no secret " + name + " with the key " + key);
        }
    }

    /** What each of Kafka's users says to it, and the CA that has signed the certificates of its brokers. */
    private boolean isMadeByStrimzi(String secret, String key) {
        boolean ofUser = manifests.of("KafkaUser").anyMatch(one -> name(one).equals(secret));
        boolean ofCluster = manifests.of("Kafka").anyMatch(one -> secret.equals(name(one) + "-cluster-ca-cert"));
        return ofUser && key.equals("sasl.jaas.config") || ofCluster && key.equals("ca.crt");
    }

    private void volume(JsonNode owner, JsonNode volume) {
        if (volume.has("configMap")) {
            configMap(owner, volume.at("/configMap/name").asText());
        }
        items(volume.at("/secret/items"))
                .forEach(item -> secret(
                        owner,
                        volume.at("/secret/secretName").asText(),
                        item.path("key").asText()));
    }

    private void probes(Pods pods, JsonNode container) {
        Stream.of("startupProbe", "readinessProbe", "livenessProbe").forEach(probe -> {
            JsonNode action = container.path(probe).path("httpGet");
            if (pods.label("app.kubernetes.io/component").equals("service")
                    && !action.path("path").asText().equals(HEALTH.get(probe))) {
                problem(pods.owner(), probe + " does not ask " + HEALTH.get(probe));
            }
            Stream.of(action, container.path(probe).path("tcpSocket"))
                    .map(one -> one.path("port"))
                    .filter(port -> !port.isMissingNode() && !pods.hasPort(port))
                    .forEach(port -> problem(pods.owner(), probe + " asks at a port that no container has: " + port));
        });
    }

    private void spread(Pods pods, JsonNode spread) {
        if (!selects(spread.at("/labelSelector/matchLabels"), pods.labels())) {
            problem(pods.owner(), "spreads other pods than its own");
        }
        items(spread.path("matchLabelKeys"))
                .map(JsonNode::asText)
                .filter(key ->
                        !key.equals("pod-template-hash") && pods.label(key).isEmpty())
                .forEach(key -> problem(pods.owner(), "spreads by a label that its pods have not: " + key));
    }

    private void service(JsonNode service) {
        List<Pods> selected = manifests
                .pods()
                .filter(pods -> selects(service.at("/spec/selector"), pods.labels()))
                .toList();
        if (selected.size() != 1) {
            problem(
                    service,
                    "selects the pods of " + selected.stream().map(Pods::name).toList());
        }
        items(service.at("/spec/ports"))
                .map(port -> port.path("targetPort"))
                .filter(port -> selected.stream().noneMatch(pods -> pods.hasPort(port)))
                .forEach(port -> problem(service, "no container has the port " + port));
    }

    private void policy(JsonNode policy) {
        JsonNode about = policy.at("/spec/podSelector/matchLabels");
        List<Pods> selected =
                manifests.pods().filter(pods -> selects(about, pods.labels())).toList();
        if (selected.isEmpty() && madeByOperators().noneMatch(labels -> selects(about, labels))) {
            problem(policy, "selects no pods");
        }
        items(policy.at("/spec/ingress"))
                .flatMap(rule -> items(rule.path("ports")))
                .map(port -> port.path("port"))
                .filter(port -> !selected.stream().allMatch(pods -> pods.hasPort(port)))
                .forEach(port -> problem(policy, "lets in at a port that not all of its pods have: " + port));
        items(policy.at("/spec/egress"))
                .flatMap(rule -> items(rule.path("to")))
                .filter(to -> to.has("podSelector"))
                .map(to -> to.at("/podSelector/matchLabels"))
                .filter(labels -> !selectsAny(labels))
                .forEach(labels -> problem(policy, "lets out to pods that are not there: " + labels));
        items(policy.at("/spec/ingress"))
                .flatMap(rule -> items(rule.path("from")))
                .filter(from -> from.has("podSelector") && !from.has("namespaceSelector"))
                .map(from -> from.at("/podSelector/matchLabels"))
                .filter(labels -> !selectsAny(labels))
                .forEach(labels -> problem(policy, "lets in pods that are not there: " + labels));
    }

    /** What the overlay has elsewhere is named in {@link #ELSEWHERE}. */
    private boolean selectsAny(JsonNode labels) {
        return ELSEWHERE.contains(labels.path("carillon.dev/provides").asText())
                || Stream.concat(madeByOperators(), manifests.pods().map(Pods::labels))
                        .anyMatch(one -> selects(labels, one));
    }

    /** The labels of the pods that operators make: those that they are told, and those by which they know them themselves. */
    private Stream<JsonNode> madeByOperators() {
        return Stream.concat(
                manifests
                        .of("Cluster")
                        .map(one -> labels(one.at("/spec/inheritedMetadata/labels"), "cnpg.io/cluster", name(one))),
                manifests
                        .of("KafkaNodePool")
                        .map(one -> labels(
                                one.at("/spec/template/pod/metadata/labels"), "strimzi.io/pool-name", name(one))));
    }

    private static JsonNode labels(JsonNode told, String key, String value) {
        ObjectNode labels = told.isObject() ? told.deepCopy() : JsonNodeFactory.instance.objectNode();
        return labels.put(key, value);
    }

    /** Production has its mail relay and its collector of traces outside. */
    private static final Set<String> ELSEWHERE = Set.of("mail", "traces");

    private void budget(JsonNode budget) {
        if (manifests.services().noneMatch(pods -> selects(budget.at("/spec/selector/matchLabels"), pods.labels()))) {
            problem(budget, "selects no pods");
        }
    }

    private void autoscaler(JsonNode autoscaler) {
        JsonNode target = autoscaler.at("/spec/scaleTargetRef");
        manifests
                .find(target.path("kind").asText(), target.path("name").asText())
                .ifPresentOrElse(
                        found -> {
                            if (found.at("/spec").has("replicas")) {
                                problem(autoscaler, "and its target both say how many there are");
                            }
                            if (found.at("/spec/template/spec/containers/0/resources/requests/cpu")
                                    .isMissingNode()) {
                                problem(autoscaler, "its target requests no CPU that a share could be of");
                            }
                        },
                        () -> problem(autoscaler, "scales what is not there"));
    }

    private void monitor(JsonNode monitor) {
        List<JsonNode> selected = manifests
                .of("Service")
                .filter(one -> selects(monitor.at("/spec/selector/matchLabels"), one.at("/metadata/labels")))
                .toList();
        long services = manifests.services().count();
        if (selected.size() != services) {
            problem(monitor, "selects " + selected.size() + " Services, and there are " + services + " of Carillon");
        }
        String job = monitor.at("/spec/jobLabel").asText();
        selected.stream()
                .filter(one -> !one.at("/metadata/labels").path(job).asText().equals(name(one)))
                .forEach(one -> problem(monitor, "the label " + job + " of " + name(one) + " is not its name"));
        items(monitor.at("/spec/endpoints")).forEach(endpoint -> {
            if (!endpoint.path("path").asText().equals(IN_ALL_SERVICES + "metrics")) {
                problem(monitor, "asks at " + endpoint.path("path"));
            }
            if (!selected.stream().allMatch(one -> items(one.at("/spec/ports"))
                    .anyMatch(port -> port.path("name").equals(endpoint.path("port"))))) {
                problem(monitor, "not all of its Services have the port " + endpoint.path("port"));
            }
        });
    }

    private void cluster(JsonNode cluster) {
        Stream.concat(
                        items(cluster.at("/spec/managed/roles")).map(role -> role.at("/passwordSecret/name")),
                        Stream.of(cluster.at("/spec/bootstrap/initdb/secret/name")))
                .map(JsonNode::asText)
                .forEach(secret -> List.of("username", "password").forEach(key -> secret(cluster, secret, key)));
    }

    private void database(JsonNode database) {
        JsonNode cluster = manifests
                .find("Cluster", database.at("/spec/cluster/name").asText())
                .orElse(null);
        if (cluster == null) {
            problem(database, "there is no such cluster");
        } else if (items(cluster.at("/spec/managed/roles"))
                .noneMatch(role -> role.path("name").equals(database.at("/spec/owner")))) {
            problem(database, "its owner is no role of the cluster");
        }
    }

    private void ofKafka(JsonNode resource) {
        String cluster =
                resource.at("/metadata/labels").path("strimzi.io/cluster").asText();
        if (manifests.find("Kafka", cluster).isEmpty()) {
            problem(resource, "there is no Kafka " + cluster);
        }
    }

    /** A topic that is granted by its name must be there. */
    private void rights(JsonNode user) {
        items(user.at("/spec/authorization/acls"))
                .map(rule -> rule.path("resource"))
                .filter(resource -> resource.path("type").asText().equals("topic"))
                .filter(resource -> !resource.path("patternType").asText().equals("prefix"))
                .map(resource -> resource.path("name").asText())
                .filter(topic -> manifests.find("KafkaTopic", topic).isEmpty())
                .forEach(topic -> problem(user, "may use a topic that is not there: " + topic));
    }
}

package dev.carillon.manifests;

import static dev.carillon.manifests.Manifests.items;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.manifests.Manifests.Pods;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The environment that the manifests give each service, and whether the service reads it. */
final class SettingsInUse {
    private static final Pattern FILE = Pattern.compile(".*_(?:CA|LOCATION)");
    private static final Map<String, KnownSettings> KNOWN =
            Repository.MODULES.stream().collect(Collectors.toMap(SettingsInUse::service, KnownSettings::of));

    private SettingsInUse() {}

    static KnownSettings known(String service) {
        return Objects.requireNonNull(KNOWN.get(service), service);
    }

    static String service(String module) {
        return module.replace("-service", "");
    }

    /** Variables with their values, those of secrets without. */
    static Map<String, String> environment(Manifests manifests, Pods service) {
        var environment = new TreeMap<String, String>();
        service.containers().forEach(container -> {
            items(container.path("envFrom"))
                    .map(from -> from.at("/configMapRef/name").asText())
                    .flatMap(name -> manifests.of("ConfigMap").filter(one -> Manifests.name(one)
                            .equals(name)))
                    .flatMap(config -> config.path("data").properties().stream())
                    .forEach(one -> environment.put(one.getKey(), one.getValue().asText()));
            items(container.path("env"))
                    .forEach(one -> environment.put(
                            one.path("name").asText(), one.path("value").asText()));
        });
        return environment;
    }

    static List<String> problems(Manifests manifests) {
        return manifests.services().flatMap(pods -> problems(manifests, pods)).toList();
    }

    private static Stream<String> problems(Manifests manifests, Pods pods) {
        Map<String, String> environment = environment(manifests, pods);
        Stream<String> unknown = known(pods.name()).unknown(environment.keySet()).stream()
                .map(one -> pods.name() + " does not read " + one);
        Stream<String> hosts = environment.entrySet().stream()
                .filter(one -> one.getKey().endsWith("_HOST") || one.getKey().equals("KAFKA_BOOTSTRAP_SERVERS"))
                .map(one -> one.getValue().replaceAll(":\\d+$", ""))
                .filter(host -> !host.contains(".") && !hosts(manifests).contains(host))
                .map(host -> pods.name() + " looks for a host that is not there: " + host);
        Stream<String> ports = Stream.of(environment.getOrDefault("QUARKUS_HTTP_PORT", ""))
                .filter(port -> pods.ports()
                        .noneMatch(one -> one.path("containerPort").asText().equals(port)))
                .map(port -> pods.name() + " listens at " + port + ", and its container says otherwise");
        return Stream.of(unknown, hosts, ports, missingFiles(manifests, pods)).flatMap(Function.identity());
    }

    /** Files that settings name and no volume has. */
    static Stream<String> missingFiles(Manifests manifests, Pods pods) {
        return environment(manifests, pods).entrySet().stream()
                .filter(one ->
                        FILE.matcher(one.getKey()).matches() && one.getValue().startsWith("/"))
                .filter(one -> !isMounted(pods, one.getValue()))
                .map(one -> pods.name() + " has no file " + one.getValue() + ", which " + one.getKey() + " names");
    }

    private static boolean isMounted(Pods pods, String file) {
        return pods.containers()
                .flatMap(container -> items(container.path("volumeMounts")))
                .anyMatch(mount -> items(pods.template().at("/spec/volumes"))
                        .filter(volume -> volume.path("name").equals(mount.path("name")))
                        .anyMatch(volume -> holds(
                                volume.path("secret"), mount.path("mountPath").asText() + "/", file)));
    }

    /** Of a Secret without items every key is a file. */
    private static boolean holds(JsonNode secret, String folder, String file) {
        return secret.has("items")
                ? items(secret.path("items"))
                        .anyMatch(item -> file.equals(folder + item.path("path").asText()))
                : secret.isObject() && file.startsWith(folder);
    }

    private static List<String> hosts(Manifests manifests) {
        return Stream.of(
                        manifests.of("Service").map(Manifests::name),
                        manifests.of("Cluster").map(one -> Manifests.name(one) + "-rw"),
                        manifests.of("Kafka").map(one -> Manifests.name(one) + "-kafka-bootstrap"))
                .flatMap(Function.identity())
                .toList();
    }

    static JsonNode container(Pods pods) {
        return pods.containers().findFirst().orElseThrow();
    }
}

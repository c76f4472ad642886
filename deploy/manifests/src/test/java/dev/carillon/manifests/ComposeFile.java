package dev.carillon.manifests;

import static dev.carillon.manifests.Manifests.items;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code deploy/compose/compose.yaml}: its keys against those of the Compose specification that are used here, and what it names against what there is. */
final class ComposeFile {
    private static final Path FOLDER = Repository.DEPLOY.resolve("compose");
    private static final Set<String> TOP = Set.of("name", "services", "volumes");
    private static final Set<String> OF_A_SERVICE = Set.of(
            "image",
            "build",
            "command",
            "environment",
            "ports",
            "volumes",
            "depends_on",
            "healthcheck",
            "restart",
            "read_only",
            "tmpfs",
            "cap_drop",
            "security_opt",
            "stop_grace_period");
    private static final Set<String> OF_A_HEALTH_CHECK = Set.of("test", "interval", "timeout", "retries");
    private static final Set<String> CONDITIONS =
            Set.of("service_started", "service_healthy", "service_completed_successfully");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z_]+)");
    private static final Pattern MADE = Pattern.compile("\\b([A-Z]+_(?:PASSWORD|SECRET))\\b");
    private static final Pattern HOST = Pattern.compile("^(?:https?://)?([a-z-]+)(?::\\d+)?$");

    private final JsonNode file;
    private final String text;
    private final List<String> problems = new ArrayList<>();

    private ComposeFile(String text) {
        this.text = text;
        var whole = Manifests.yaml(text);
        this.file = merged(whole, whole);
    }

    static String text() {
        return Repository.read(FOLDER.resolve("compose.yaml"));
    }

    static List<String> problems(String text) {
        var compose = new ComposeFile(text);
        compose.file.fieldNames().forEachRemaining(key -> {
            if (!TOP.contains(key) && !key.startsWith("x-")) {
                compose.problems.add("unknown key " + key);
            }
        });
        compose.file.path("services").properties().forEach(one -> compose.service(one.getKey(), one.getValue()));
        compose.secrets();
        return compose.problems;
    }

    private void service(String name, JsonNode service) {
        unknown(name, service, OF_A_SERVICE);
        unknown(name + ".healthcheck", service.path("healthcheck"), OF_A_HEALTH_CHECK);
        if (!service.path("image").asText().matches(".+:(?!latest$).+")) {
            problems.add(name + " has no image with a tag");
        }
        if (!endsByItself(name) && !service.path("restart").asText().equals("unless-stopped")) {
            problems.add(name + " is not started again with the machine");
        }
        dependencies(name, service.path("depends_on"));
        items(service.path("volumes")).forEach(mount -> mount(name, mount.asText()));
        if (service.has("build")) {
            own(name, service);
        }
    }

    private boolean endsByItself(String name) {
        return file.path("services").findValues("depends_on").stream()
                .anyMatch(one -> one.path(name).path("condition").asText().equals("service_completed_successfully"));
    }

    private void unknown(String where, JsonNode object, Set<String> known) {
        object.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                problems.add(where + " has an unknown key " + key);
            }
        });
    }

    private void dependencies(String name, JsonNode dependencies) {
        if (dependencies.isArray()) {
            items(dependencies).forEach(one -> exists(name, one.asText()));
        }
        dependencies.properties().forEach(one -> {
            exists(name, one.getKey());
            String condition = one.getValue().path("condition").asText();
            if (!CONDITIONS.contains(condition)) {
                problems.add(name + " waits for " + condition);
            }
            if (condition.equals("service_healthy")
                    && !file.path("services").path(one.getKey()).has("healthcheck")) {
                problems.add(name + " waits for the health of " + one.getKey() + ", which has no check");
            }
        });
    }

    private void exists(String name, String other) {
        if (!file.path("services").has(other)) {
            problems.add(name + " needs " + other + ", which is not there");
        }
    }

    private void mount(String name, String mount) {
        String source = mount.split(":", 2)[0];
        if (source.startsWith(".state") || source.startsWith("./.state")) {
            return;
        }
        boolean there = source.startsWith(".")
                ? Files.exists(FOLDER.resolve(source))
                : file.path("volumes").has(source);
        if (!there) {
            problems.add(name + " mounts what is not there: " + source);
        }
    }

    /** One of Carillon's. */
    private void own(String name, JsonNode service) {
        Path context = FOLDER.resolve(service.at("/build/context").asText()).normalize();
        if (!Files.exists(context.resolve(service.at("/build/dockerfile").asText()))) {
            problems.add(name + " is built from a file that is not there");
        }
        Map<String, String> environment = new TreeMap<>();
        service.path("environment")
                .properties()
                .forEach(one -> environment.put(one.getKey(), one.getValue().asText()));
        SettingsInUse.known(name)
                .unknown(environment.keySet())
                .forEach(one -> problems.add(name + " does not read " + one));
        environment.forEach((key, value) -> {
            var host = HOST.matcher(value);
            if ((key.endsWith("_HOST") || key.endsWith("_SERVERS") || key.endsWith("_ENDPOINT"))
                    && !(host.matches() && file.path("services").has(host.group(1)))) {
                problems.add(name + " looks for a host that is not there: " + value);
            }
        });
        String port = environment.getOrDefault("QUARKUS_HTTP_PORT", "");
        if (items(service.path("ports")).noneMatch(one -> one.asText().endsWith(":" + port))
                || !service.at("/healthcheck/test").toString().contains("/" + port + " ")) {
            problems.add(name + " listens at " + port + ", and is published or asked elsewhere");
        }
    }

    private void secrets() {
        Set<String> made = MADE.matcher(Repository.read(Repository.DEPLOY.resolve("infrastructure/make-secrets")))
                .results()
                .map(one -> one.group(1))
                .collect(Collectors.toSet());
        new HashSet<>(VARIABLE.matcher(text).results().map(one -> one.group(1)).toList())
                .stream().filter(one -> !made.contains(one)).forEach(one -> problems.add("nobody makes " + one));
    }

    /** YAML's merge keys, which Jackson leaves as they are. */
    private static JsonNode merged(JsonNode node, JsonNode whole) {
        if (node instanceof ObjectNode object) {
            JsonNode parent = object.remove("<<");
            object.properties().forEach(one -> merged(one.getValue(), whole));
            if (parent != null) {
                // The parser leaves an anchor's name; here it is that of the extension which it stands at.
                merged(whole.path("x-" + parent.asText()), whole).properties().forEach(one -> {
                    if (!object.has(one.getKey())) {
                        object.set(one.getKey(), one.getValue());
                    }
                });
            }
        } else {
            node.forEach(one -> merged(one, whole));
        }
        return node;
    }
}

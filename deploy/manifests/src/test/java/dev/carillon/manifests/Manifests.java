package dev.carillon.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The resources of one rendering. */
record Manifests(List<JsonNode> resources) {
    private static final YAMLMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();
    private static final Set<String> WITH_PODS = Set.of("Deployment", "StatefulSet", "Job", "DaemonSet");

    Manifests {
        resources = List.copyOf(resources);
    }

    static Manifests parse(String yaml) {
        try (YAMLParser parser = YAML.getFactory().createParser(yaml)) {
            return new Manifests(YAML.readerFor(JsonNode.class).<JsonNode>readValues(parser).readAll().stream()
                    .filter(one -> !one.isNull() && !one.isMissingNode())
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode yaml(String yaml) {
        try {
            return YAML.readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A copy in which one resource is changed: for showing that a check sees it. */
    Manifests with(String kind, String name, Consumer<ObjectNode> change) {
        var copies = resources.stream().<JsonNode>map(JsonNode::deepCopy).toList();
        change.accept((ObjectNode) new Manifests(copies).find(kind, name).orElseThrow());
        return new Manifests(copies);
    }

    Manifests without(String kind, String name) {
        return new Manifests(resources.stream()
                .filter(one -> !kind(one).equals(kind) || !name(one).equals(name))
                .toList());
    }

    Stream<JsonNode> of(String kind) {
        return resources.stream().filter(one -> kind(one).equals(kind));
    }

    /** By its name, or the name that kustomize made of it by appending a hash. */
    Optional<JsonNode> find(String kind, String name) {
        return of(kind).filter(one -> name(one).equals(name)
                        || name(one).matches(java.util.regex.Pattern.quote(name) + "-[a-z0-9]{10}"))
                .findFirst();
    }

    /** Those that have pods, each with its template. */
    Stream<Pods> pods() {
        return resources.stream()
                .filter(one -> WITH_PODS.contains(kind(one)))
                .map(one -> new Pods(one, one.at("/spec/template")));
    }

    /** Carillon's own. */
    Stream<Pods> services() {
        return pods().filter(pods -> "service".equals(pods.label("app.kubernetes.io/component")));
    }

    static String kind(JsonNode resource) {
        return resource.path("kind").asText();
    }

    static String name(JsonNode resource) {
        return resource.at("/metadata/name").asText();
    }

    /** What {@code pointer} names below the specification of a resource, for changing it: see {@link #with}. */
    static ObjectNode spec(ObjectNode resource, String pointer) {
        return (ObjectNode) resource.at("/spec" + pointer);
    }

    static Stream<JsonNode> items(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** Whether {@code labels} has all that {@code selector} asks for. */
    static boolean selects(JsonNode selector, JsonNode labels) {
        return selector.properties().stream().allMatch(one -> one.getValue().equals(labels.path(one.getKey())));
    }

    record Pods(JsonNode owner, JsonNode template) {
        String name() {
            return Manifests.name(owner);
        }

        String label(String label) {
            return template.at("/metadata/labels").path(label).asText();
        }

        JsonNode labels() {
            return template.at("/metadata/labels");
        }

        Stream<JsonNode> containers() {
            return items(template.at("/spec/containers"));
        }

        Stream<JsonNode> ports() {
            return containers().flatMap(container -> items(container.path("ports")));
        }

        boolean hasPort(JsonNode port) {
            return ports().anyMatch(one -> port.isInt()
                    ? one.path("containerPort").asInt() == port.asInt()
                    : one.path("name").asText().equals(port.asText()));
        }
    }
}

package dev.carillon.manifests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.JsonParser;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Job;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import io.strimzi.api.kafka.model.kafka.Kafka;
import io.strimzi.api.kafka.model.nodepool.KafkaNodePool;
import io.strimzi.api.kafka.model.topic.KafkaTopic;
import io.strimzi.api.kafka.model.user.KafkaUser;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Parses each resource as the type of its kind and refuses what that type does not know: Kubernetes' own by the official client, those of Strimzi and of the
 * Prometheus operator by their Java types, CloudNativePG's by the schemas beside this.
 */
final class StrictTypes {
    private static final Map<String, Class<?>> OF_KUBERNETES = Map.of(
            "v1 ConfigMap", V1ConfigMap.class,
            "v1 Namespace", V1Namespace.class,
            "v1 Service", V1Service.class,
            "apps/v1 Deployment", V1Deployment.class,
            "apps/v1 StatefulSet", V1StatefulSet.class,
            "batch/v1 Job", V1Job.class,
            "networking.k8s.io/v1 NetworkPolicy", V1NetworkPolicy.class,
            "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget.class,
            "autoscaling/v2 HorizontalPodAutoscaler", V2HorizontalPodAutoscaler.class);

    private static final Map<String, Class<?>> OF_OPERATORS = Map.of(
            "kafka.strimzi.io/v1 Kafka", Kafka.class,
            "kafka.strimzi.io/v1 KafkaNodePool", KafkaNodePool.class,
            "kafka.strimzi.io/v1 KafkaTopic", KafkaTopic.class,
            "kafka.strimzi.io/v1 KafkaUser", KafkaUser.class,
            "monitoring.coreos.com/v1 ServiceMonitor", ServiceMonitor.class,
            "monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class);

    private static final String OF_CLOUDNATIVEPG = "postgresql.cnpg.io/v1 ";
    private static final Set<String> TOP = Set.of("apiVersion", "kind", "metadata", "spec");
    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private StrictTypes() {}

    static List<String> problems(Manifests manifests) {
        return manifests.resources().stream()
                .flatMap(one -> problems(one).stream())
                .toList();
    }

    private static List<String> problems(JsonNode resource) {
        String kind = resource.path("apiVersion").asText() + " " + Manifests.kind(resource);
        String where = Manifests.kind(resource) + " " + Manifests.name(resource) + ": ";
        List<String> found;
        if (OF_KUBERNETES.containsKey(kind)) {
            found = Stream.concat(official(OF_KUBERNETES.get(kind), resource.toString()).stream(), notTexts(resource))
                    .toList();
        } else if (OF_OPERATORS.containsKey(kind)) {
            found = operators(OF_OPERATORS.get(kind), resource);
        } else if (kind.startsWith(OF_CLOUDNATIVEPG)) {
            found = cloudNativePg(resource);
        } else {
            found = List.of("no type is known for " + kind);
        }
        return found.stream().distinct().map(where::concat).toList();
    }

    /** A ConfigMap has texts alone: a number in it is refused by a server, and not by its type. */
    private static Stream<String> notTexts(JsonNode resource) {
        return Manifests.kind(resource).equals("ConfigMap")
                ? resource.path("data").properties().stream()
                        .filter(one -> !one.getValue().isTextual())
                        .map(one -> "data." + one.getKey() + " is no text")
                : Stream.empty();
    }

    private static Optional<String> official(Class<?> type, String json) {
        try {
            type.getMethod("validateJsonElement", com.google.gson.JsonElement.class)
                    .invoke(null, JsonParser.parseString(json));
            var unused = JSON.getGson().fromJson(json, type);
            return Optional.empty();
        } catch (InvocationTargetException refused) {
            return Optional.of(String.valueOf(refused.getCause()));
        } catch (RuntimeException refused) {
            return Optional.of(refused.toString());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> operators(Class<?> type, JsonNode resource) {
        try {
            var unknown = new ArrayList<String>();
            collectUnknown(MAPPER.treeToValue(resource, type), type.getSimpleName(), unknown);
            official(V1ObjectMeta.class, resource.path("metadata").toString()).ifPresent(unknown::add);
            return unknown;
        } catch (JsonProcessingException refused) {
            return List.of(refused.getOriginalMessage());
        }
    }

    /** These types keep what they do not know; so it is looked for. */
    private static void collectUnknown(@Nullable Object value, String path, List<String> unknown) {
        switch (value) {
            case null -> {}
            case Collection<?> many -> many.forEach(one -> collectUnknown(one, path + "[]", unknown));
            case Object one
            when isModel(one) -> {
                for (Method getter : one.getClass().getMethods()) {
                    if (getter.getParameterCount() == 0 && getter.getName().startsWith("get")) {
                        look(one, getter, path, unknown);
                    }
                }
            }
            default -> {}
        }
    }

    private static void look(Object one, Method getter, String path, List<String> unknown) {
        Object found;
        try {
            found = getter.invoke(one);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(path + " " + getter, e);
        }
        if (getter.getName().equals("getAdditionalProperties")) {
            if (found instanceof Map<?, ?> additional && !additional.isEmpty()) {
                unknown.add(path + " has no " + additional.keySet());
            }
        } else {
            collectUnknown(found, path + "." + getter.getName().substring(3), unknown);
        }
    }

    private static boolean isModel(Object value) {
        String name = value.getClass().getName();
        return !(value instanceof Enum<?>) && (name.startsWith("io.strimzi.") || name.startsWith("io.fabric8."));
    }

    private static List<String> cloudNativePg(JsonNode resource) {
        var problems = new ArrayList<String>();
        resource.fieldNames().forEachRemaining(field -> {
            if (!TOP.contains(field)) {
                problems.add("unknown field " + field);
            }
        });
        official(V1ObjectMeta.class, resource.path("metadata").toString()).ifPresent(problems::add);
        schema(Manifests.kind(resource))
                .ifPresentOrElse(
                        schema -> problems.addAll(schema.validate(resource.path("spec")).stream()
                                .map(Object::toString)
                                .collect(Collectors.toList())),
                        () -> problems.add("no schema for this kind"));
        return problems;
    }

    private static Optional<JsonSchema> schema(String kind) {
        var found = StrictTypes.class.getResourceAsStream("/schemas/" + kind + ".json");
        return Optional.ofNullable(found)
                .map(JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)::getSchema);
    }
}

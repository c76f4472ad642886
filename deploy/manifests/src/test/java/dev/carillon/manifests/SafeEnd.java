package dev.carillon.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.manifests.Manifests.Pods;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a service's pod needs so that nothing is lost when it is replaced, and so that it may do no more than it must. */
final class SafeEnd {
    private static final String SHUTDOWN_TIMEOUT = "quarkus.shutdown.timeout";

    private SafeEnd() {}

    static List<String> problems(Manifests manifests) {
        return manifests
                .services()
                .flatMap(pods -> problems(manifests, pods).stream())
                .toList();
    }

    private static List<String> problems(Manifests manifests, Pods pods) {
        var problems = new ArrayList<String>();
        JsonNode spec = pods.owner().path("spec");
        JsonNode container = SettingsInUse.container(pods);
        expect(
                problems,
                pods,
                spec.at("/strategy/rollingUpdate/maxUnavailable").asText().equals("0"),
                "gives up a pod before another is ready");
        Duration needed = needed(pods, container);
        Duration given = Duration.ofSeconds(
                pods.template().at("/spec/terminationGracePeriodSeconds").asLong());
        expect(problems, pods, given.compareTo(needed) >= 0, "is given " + given + " to end, and may need " + needed);
        expect(
                problems,
                pods,
                container.at("/lifecycle/preStop/sleep/seconds").asInt() > 0,
                "ends while requests still come");
        expect(problems, pods, hasNoMoreRightsThanItNeeds(pods), "has more rights than it needs");
        replicas(manifests, pods, problems);
        return problems;
    }

    static boolean hasNoMoreRightsThanItNeeds(Pods pods) {
        JsonNode rights = SettingsInUse.container(pods).path("securityContext");
        JsonNode ofAll = pods.template().at("/spec/securityContext");
        return ofAll.path("runAsNonRoot").asBoolean()
                && ofAll.at("/seccompProfile/type").asText().equals("RuntimeDefault")
                && rights.path("readOnlyRootFilesystem").asBoolean()
                && !rights.path("allowPrivilegeEscalation").asBoolean(true)
                && rights.at("/capabilities/drop/0").asText().equals("ALL");
    }

    private static void expect(List<String> problems, Pods pods, boolean holds, String otherwise) {
        if (!holds) {
            problems.add(pods.name() + " " + otherwise);
        }
    }

    /** preStop, then open requests, then two kinds of timers (or lanes and redrives), three of delivery, each with two seconds for giving back its lease. */
    private static Duration needed(Pods pods, JsonNode container) {
        KnownSettings settings = SettingsInUse.known(pods.name());
        Duration longestStop = settings.names().stream()
                .filter(name -> name.endsWith(".stop-patience") || name.endsWith(".stop-within"))
                .map(name -> duration(settings.defaultOf(name).orElseThrow()))
                .max(Duration::compareTo)
                .orElseThrow();
        return duration(settings.defaultOf(SHUTDOWN_TIMEOUT).orElseThrow())
                .plusSeconds(container.at("/lifecycle/preStop/sleep/seconds").asLong())
                .plus(longestStop.plusSeconds(2).multipliedBy(pods.name().equals("delivery") ? 3 : 2));
    }

    private static Duration duration(String text) {
        return Duration.parse(text.startsWith("P") ? text : "PT" + text);
    }

    /** Each delivery takes its share of the providers' rates. */
    private static void replicas(Manifests manifests, Pods pods, List<String> problems) {
        if (pods.name().equals("delivery")) {
            String told =
                    SettingsInUse.environment(manifests, pods).getOrDefault("CARILLON_CONTAINMENT_INSTANCES", "1");
            String are = pods.owner().at("/spec/replicas").asText("1");
            expect(
                    problems,
                    pods,
                    told.equals(are.isEmpty() ? "1" : are),
                    "is told of " + told + " instances, and there are " + are);
        }
    }
}

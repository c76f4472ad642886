package dev.carillon.manifests;

import static dev.carillon.manifests.Manifests.items;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.manifests.Manifests.Pods;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether each database is brought up to date by a job of its service's own image, and by nobody else. */
final class Migrations {
    private static final String AT_START = "QUARKUS_FLYWAY_MIGRATE_AT_START";

    private Migrations() {}

    static List<String> problems(Manifests manifests) {
        return manifests
                .services()
                .filter(service -> !service.name().equals("outbox-relay"))
                .flatMap(service -> problems(manifests, service).stream())
                .toList();
    }

    static Optional<Pods> job(Manifests manifests, Pods service) {
        return manifests
                .pods()
                .filter(pods -> pods.name().equals("migrate-" + service.name()))
                .findFirst();
    }

    private static List<String> problems(Manifests manifests, Pods service) {
        Optional<Pods> job = job(manifests, service);
        if (job.isEmpty()) {
            return List.of("nobody migrates the database of " + service.name());
        }
        var problems = new ArrayList<String>();
        var told = SettingsInUse.environment(manifests, job.get());
        SettingsInUse.known(service.name())
                .unknown(told.keySet())
                .forEach(one -> problems.add(job.get().name() + " does not read " + one));
        SettingsInUse.missingFiles(manifests, job.get()).forEach(problems::add);
        expect(problems, job.get(), "true".equals(told.get(AT_START)), "does not migrate");
        expect(problems, job.get(), "true".equals(told.get("QUARKUS_INIT_AND_EXIT")), "does not end");
        expect(
                problems,
                service,
                "false".equals(SettingsInUse.environment(manifests, service).get(AT_START)),
                "migrates, too");
        expect(problems, job.get(), image(job.get()).equals(image(service)), "is of another image than its service");
        expect(
                problems,
                job.get(),
                database(manifests, job.get()).equals(database(manifests, service)),
                "migrates another database than its service's, or as another role");
        expect(problems, job.get(), SafeEnd.hasNoMoreRightsThanItNeeds(job.get()), "has more rights than it needs");
        return problems;
    }

    private static void expect(List<String> problems, Pods pods, boolean holds, String otherwise) {
        if (!holds) {
            problems.add(pods.name() + " " + otherwise);
        }
    }

    private static String image(Pods pods) {
        return SettingsInUse.container(pods).path("image").asText();
    }

    /** What is said of it, with the secrets that it names. */
    private static List<String> database(Manifests manifests, Pods pods) {
        var said = new ArrayList<String>();
        SettingsInUse.environment(manifests, pods).forEach((name, value) -> {
            if (name.startsWith("CARILLON_DATABASE_")) {
                said.add(name + "=" + value);
            }
        });
        items(SettingsInUse.container(pods).path("env"))
                .map(variable -> variable.path("valueFrom"))
                .filter(JsonNode::isObject)
                .map(JsonNode::toString)
                .filter(reference -> reference.contains("-database"))
                .sorted()
                .forEach(said::add);
        return said;
    }
}

package dev.carillon.manifests;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.manifests.Manifests.Pods;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What {@code docs/operating/capacity.md} says that an instance takes, against the benchmarks that it cites and the manifests that rest on it. */
final class Capacity {
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| (scheduler|delivery|booking|outbox-relay) \\| (\\d+) MiB \\| `(\\d+)Mi` \\| "
                    + "(\\d\\.\\d\\d) \\| `(\\d+)m` \\|$");
    private static final int MIB_STEP = 16;
    private static final int MILLICORES_STEP = 50;

    /** Of a relay, for each source: three for questions, three for cursors, two for leases, one for hints, one while an outbox is adopted. */
    private static final int OF_A_SOURCE = 10;

    /** Of an instance with a database of its own, besides its pool: the keeper of the outbox's partitions. */
    private static final int OF_THE_KEEPER = 1;

    private static final int OF_A_MIGRATION = 2;

    private Capacity() {}

    /** A row of the table "What an instance requests". */
    record Row(int resident, int memory, double cores, int millicores) {
        List<String> problems(String service) {
            var problems = new ArrayList<String>();
            if (memory != step(resident * 1.25, MIB_STEP)) {
                problems.add(service + " requests " + memory + "Mi, which is not a quarter more than " + resident);
            }
            if (millicores != step(cores * 1_500, MILLICORES_STEP)) {
                problems.add(service + " requests " + millicores + "m, which is not half as much again as " + cores);
            }
            return problems;
        }

        private static int step(double least, int step) {
            return (int) Math.ceil(Math.round(least * 100) / 100.0 / step) * step;
        }
    }

    static Map<String, Row> documented() {
        return ROW.matcher(Repository.read(Repository.ROOT.resolve("docs/operating/capacity.md")))
                .results()
                .collect(toMap(
                        row -> row.group(1),
                        row -> new Row(
                                Integer.parseInt(row.group(2)),
                                Integer.parseInt(row.group(3)),
                                Double.parseDouble(row.group(4)),
                                Integer.parseInt(row.group(5)))));
    }

    /** Between what the table says and what the services of these manifests request. */
    static List<String> problems(Manifests manifests, Map<String, Row> documented) {
        return manifests
                .services()
                .flatMap(pods -> {
                    Row row = documented.get(pods.name());
                    if (row == null) {
                        return Stream.of("nothing is said of " + pods.name());
                    }
                    JsonNode requests = SettingsInUse.container(pods).at("/resources/requests");
                    Stream<String> others =
                            Map.of("memory", row.memory + "Mi", "cpu", row.millicores + "m").entrySet().stream()
                                    .filter(one -> !requests.path(one.getKey())
                                            .asText()
                                            .equals(one.getValue()))
                                    .map(one ->
                                            pods.name() + " does not request " + one.getKey() + " " + one.getValue());
                    return Stream.concat(row.problems(pods.name()).stream(), others);
                })
                .toList();
    }

    /** The most connections that all instances open at once, each service being rolled out. */
    static int connections(Manifests manifests) {
        return manifests
                .services()
                .mapToInt(pods -> (most(manifests, pods) + 1) * ofAnInstance(manifests, pods)
                        + (Migrations.job(manifests, pods).isPresent() ? OF_A_MIGRATION : 0))
                .sum();
    }

    private static int ofAnInstance(Manifests manifests, Pods pods) {
        if (pods.name().equals("outbox-relay")) {
            long sources = SettingsInUse.environment(manifests, pods).keySet().stream()
                    .filter(name -> name.matches("CARILLON_RELAY_SOURCES_.*_HOST"))
                    .count();
            return Math.toIntExact(sources * OF_A_SOURCE);
        }
        return OF_THE_KEEPER
                + Integer.parseInt(SettingsInUse.known(pods.name())
                        .defaultOf("quarkus.datasource.reactive.max-size")
                        .orElseThrow());
    }

    private static int most(Manifests manifests, Pods pods) {
        return manifests
                .find("HorizontalPodAutoscaler", pods.name())
                .map(scaled -> scaled.at("/spec/maxReplicas"))
                .orElse(pods.owner().at("/spec/replicas"))
                .asInt(1);
    }
}

package dev.carillon.manifests;

import dev.carillon.kit.testing.kafka.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Topics as a deployment makes them, held against those of the local stack, which the services' own tests run on. */
final class DeployedTopics {
    private static final Pattern LINE = Pattern.compile("^topic (\\S+) (\\d+)(.*)$");

    private DeployedTopics() {}

    /** Those of {@code create-topics.sh}. */
    static List<Topic> ofScript(String script) {
        return script.lines()
                .map(LINE::matcher)
                .filter(java.util.regex.Matcher::matches)
                .map(line -> {
                    var settings = new TreeMap<String, String>();
                    for (String setting : line.group(3).strip().split(" ", -1)) {
                        if (setting.contains("=")) {
                            settings.put(setting.split("=", 2)[0], setting.split("=", 2)[1]);
                        }
                    }
                    return new Topic(line.group(1), Integer.parseInt(line.group(2)), settings);
                })
                .toList();
    }

    static List<Topic> of(Manifests manifests) {
        return manifests
                .of("KafkaTopic")
                .map(one -> {
                    var settings = new TreeMap<String, String>();
                    one.at("/spec/config")
                            .properties()
                            .forEach(setting -> settings.put(
                                    setting.getKey(), setting.getValue().asText()));
                    return new Topic(
                            one.at("/spec/topicName").asText(),
                            one.at("/spec/partitions").asInt(),
                            settings);
                })
                .toList();
    }

    static List<String> problems(List<Topic> deployed) {
        var problems = new ArrayList<String>();
        for (Topic wanted : Topic.allOfCarillon()) {
            deployed.stream()
                    .filter(one -> one.name().equals(wanted.name()))
                    .findFirst()
                    .ifPresentOrElse(
                            one -> compare(wanted, one, problems), () -> problems.add("nobody makes " + wanted.name()));
        }
        deployed.stream()
                .map(Topic::name)
                .filter(name -> Topic.allOfCarillon().stream()
                        .noneMatch(one -> one.name().equals(name)))
                .forEach(name -> problems.add("nobody needs " + name));
        return problems;
    }

    private static void compare(Topic wanted, Topic deployed, List<String> problems) {
        if (wanted.partitions() != deployed.partitions()) {
            problems.add(
                    wanted.name() + " has " + deployed.partitions() + " partitions, and not " + wanted.partitions());
        }
        Map<String, String> settings = new TreeMap<>(deployed.settings());
        // How many copies there must be is the deployment's to say, and no local one has any.
        settings.remove("min.insync.replicas");
        @org.jspecify.annotations.Nullable String kept = wanted.settings().containsKey("retention.ms") ? null : settings.remove("retention.ms");
        if (!settings.equals(new TreeMap<>(wanted.settings()))) {
            problems.add(wanted.name() + " has " + settings + ", and not " + wanted.settings());
        }
        if (kept != null && Long.parseLong(kept) > Inbox.TOPIC_RETENTION.toMillis()) {
            problems.add(wanted.name() + " is kept longer than inboxes remember");
        }
    }

    /** As the services are set by default. */
    private static final class Inbox {
        static final java.time.Duration TOPIC_RETENTION = java.time.Duration.parse(SettingsInUse.known("scheduler")
                .defaultOf("carillon.inbox.topic-retention")
                .orElseThrow());
    }
}

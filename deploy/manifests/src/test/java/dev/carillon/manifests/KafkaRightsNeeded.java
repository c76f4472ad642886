package dev.carillon.manifests;

import static dev.carillon.manifests.Manifests.items;

import com.fasterxml.jackson.databind.JsonNode;
import dev.carillon.kit.testing.kafka.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Whether Kafka lets each service do what it does there. That who reads or writes may describe, too, needs no rule. */
final class KafkaRightsNeeded {
    private static final Pattern CHANNEL = Pattern.compile("(mp\\.messaging\\.incoming\\.[^.]+\\.)connector");
    private static final String RELAY = "outbox-relay";
    private static final String DEAD_LETTERS = ".dlq";

    private KafkaRightsNeeded() {}

    /** What services may not do and need to, such as {@code booking may not Read the group booking}. */
    static List<String> problems(Manifests manifests) {
        return manifests
                .services()
                .map(Manifests.Pods::name)
                .flatMap(service -> missing(service, rules(manifests, service)))
                .toList();
    }

    private static Stream<String> missing(String service, List<JsonNode> rules) {
        return needed(service)
                .filter(right -> rules.stream().noneMatch(right::isGivenBy))
                .map(right -> service + " may not " + right.operation + " the " + right.type + " " + right.name);
    }

    /** Each service is the user of its name. */
    private static List<JsonNode> rules(Manifests manifests, String service) {
        return manifests.find("KafkaUser", service).stream()
                .flatMap(user -> items(user.at("/spec/authorization/acls")))
                .toList();
    }

    private static Stream<Right> needed(String service) {
        if (service.equals(RELAY)) {
            return Stream.concat(ofChannels(service), ofRelay());
        }
        return ofChannels(service);
    }

    private static Stream<Right> ofChannels(String service) {
        KnownSettings settings = SettingsInUse.known(service);
        return settings.names().stream()
                .sorted()
                .map(CHANNEL::matcher)
                .filter(Matcher::matches)
                .map(channel -> channel.group(1))
                .filter(channel -> !isSet(settings, channel + "enabled", "false"))
                .flatMap(channel -> ofChannel(settings, channel))
                .distinct();
    }

    private static Stream<Right> ofChannel(KnownSettings settings, String channel) {
        String topic = settings.defaultOf(channel + "topic").orElseThrow();
        String group = settings.defaultOf(channel + "group.id").orElseThrow();
        var rights = new ArrayList<Right>();
        rights.add(new Right("Read", "topic", topic));
        // Who is assigned partitions by the configuration joins no group.
        if (settings.defaultOf(channel + "assign-seek").isEmpty()) {
            rights.add(new Right("Read", "group", group));
        }
        // Who ignores what fails has no dead letters.
        if (!isSet(settings, channel + "failure-strategy", "ignore")) {
            rights.add(new Right("Write", "topic", topic + "." + group + DEAD_LETTERS));
        }
        return rights.stream();
    }

    private static boolean isSet(KnownSettings settings, String name, String value) {
        return settings.defaultOf(name).equals(Optional.of(value));
    }

    /** All that is published is published from an outbox, and all dead letters can be put back. */
    private static Stream<Right> ofRelay() {
        return Topic.allOfCarillon().stream().map(Topic::name).flatMap(KafkaRightsNeeded::ofRelayFor);
    }

    private static Stream<Right> ofRelayFor(String topic) {
        if (topic.endsWith(DEAD_LETTERS)) {
            return Stream.of(new Right("Read", "topic", topic), new Right("Read", "group", topic + ".redrive"));
        }
        return Stream.of(new Right("Write", "topic", topic));
    }

    private record Right(String operation, String type, String name) {
        boolean isGivenBy(JsonNode rule) {
            JsonNode resource = rule.path("resource");
            return !rule.path("type").asText().equals("deny")
                    && resource.path("type").asText().equals(type)
                    && isNamedBy(resource)
                    && items(rule.path("operations")).map(JsonNode::asText).anyMatch(this::isPartOf);
        }

        private boolean isNamedBy(JsonNode resource) {
            String named = resource.path("name").asText();
            return resource.path("patternType").asText().equals("prefix")
                    ? name.startsWith(named)
                    : name.equals(named) || named.equals("*");
        }

        private boolean isPartOf(String allowed) {
            return allowed.equals(operation) || allowed.equals("All");
        }
    }
}

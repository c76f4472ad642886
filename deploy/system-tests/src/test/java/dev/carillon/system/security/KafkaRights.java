package dev.carillon.system.security;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.carillon.system.stack.TestStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** What the users of Kafka may do in {@code deploy/kubernetes/overlays/production}, as Kafka's own ACLs. */
record KafkaRights(String user, JsonNode rules) {

    private static final Path USERS = Path.of("deploy/kubernetes/overlays/production/kafka-users.yaml");
    private static final YAMLMapper YAML = new YAMLMapper();

    /** Those of each user. */
    static List<KafkaRights> inProduction() {
        String manifest = read(TestStack.root().resolve(USERS));
        try (var parser = YAML.getFactory().createParser(manifest)) {
            return YAML.readerFor(JsonNode.class).<JsonNode>readValues(parser).readAll().stream()
                    .map(user ->
                            new KafkaRights(user.at("/metadata/name").asText(), user.at("/spec/authorization/acls")))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param principal who has them: {@code User:} and a name, or the distinguished name of a certificate */
    List<AclBinding> of(String principal) {
        return items(rules).flatMap(rule -> bindings(rule, principal)).toList();
    }

    private static Stream<AclBinding> bindings(JsonNode rule, String principal) {
        var resource = new ResourcePattern(
                ResourceType.fromString(rule.at("/resource/type").asText()),
                rule.at("/resource/name").asText(),
                rule.at("/resource/patternType").asText().equals("prefix")
                        ? PatternType.PREFIXED
                        : PatternType.LITERAL);
        return items(rule.path("operations"))
                .map(operation -> new AccessControlEntry(
                        principal, "*", AclOperation.fromString(operation.asText()), AclPermissionType.ALLOW))
                .map(entry -> new AclBinding(resource, entry));
    }

    private static Stream<JsonNode> items(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}

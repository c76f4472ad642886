package dev.carillon.system.security;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.docs.FencedBlock;
import dev.carillon.kit.testing.docs.OperatingDocs;
import dev.carillon.kit.testing.kafka.KafkaPlace;
import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.kafka.Topic;
import dev.carillon.kit.testing.network.SelfSigned;
import dev.carillon.kit.testing.process.OrphanGuard;
import dev.carillon.kit.testing.process.TemporaryFolder;
import dev.carillon.local.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AclBinding;

/**
 * A Kafka with every topic, two encrypted entrances and the users and rights of {@code deploy/kubernetes/overlays/production}; who shows the one certificate
 * that it trusts may do what all of them may. By its plain entrance a test does what it likes.
 */
final class EncryptedKafka implements AutoCloseable {

    private static final String PASSWORD = UUID.randomUUID().toString();
    private static final int ITERATIONS = 4_096;
    /** The subject of every {@link SelfSigned}. */
    private static final String HOLDER = "User:CN=127.0.0.1";

    private final Path folder;
    private final KafkaPlace.Encrypted entrances;
    private final KafkaServer server;
    private final OrphanGuard guard;

    /** @param folder of its data, which goes with it, of its log and of the certificates */
    EncryptedKafka(Path folder, Ports ports) {
        this.folder = folder;
        certify(folder);
        // The numbers of those that no other part here listens on.
        this.entrances = new KafkaPlace.Encrypted(
                ports.smtp(), ports.providers(), folder.resolve("broker.pem"), folder.resolve("trusted.pem"));
        var place = new KafkaPlace(folder.resolve("kafka"), ports.kafka(), ports.kafkaController(), null, entrances);
        this.server = KafkaServer.start(place, folder.resolve("kafka.log"));
        this.guard = OrphanGuard.over(
                ProcessHandle.of(server.pid()).orElseThrow(), "KILL", folder.resolve("none-of-" + server.pid()));
        server.createTopics(Topic.allOfCarillon());
        letIn(server.bootstrapServers());
    }

    private static void certify(Path folder) {
        var broker = SelfSigned.of("ip:127.0.0.1");
        var client = SelfSigned.of("ip:127.0.0.1");
        write(folder.resolve("broker.pem"), broker.key() + broker.certificate());
        write(folder.resolve("client.pem"), client.key() + client.certificate());
        broker.writeTo(folder.resolve("ca.pem"));
        client.writeTo(folder.resolve("trusted.pem"));
        SelfSigned.of("ip:127.0.0.1").writeTo(folder.resolve("another-ca.pem"));
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void letIn(String bootstrapServers) {
        List<KafkaRights> users = KafkaRights.inProduction();
        List<UserScramCredentialAlteration> passwords = users.stream()
                .<UserScramCredentialAlteration>map(one -> new UserScramCredentialUpsertion(
                        one.user(), new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS), PASSWORD))
                .toList();
        List<AclBinding> rights = users.stream()
                .flatMap(one -> Stream.of("User:" + one.user(), HOLDER).flatMap(who -> one.of(who).stream()))
                .distinct()
                .toList();
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.alterUserScramCredentials(passwords)
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            admin.createAcls(rights)
                    .all()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        }
    }

    /** Of the plain entrance. */
    String bootstrapServers() {
        return server.bootstrapServers();
    }

    /**
     * The variables that {@code docs/operating/production.md} shows for a protocol, as a user of that name fills them in, and where Kafka is.
     *
     * @param protocol SASL_SSL or SSL
     */
    Map<String, String> variables(String protocol, String user) {
        Map<String, String> filledIn = Map.of(
                "/etc/carillon/kafka-ca.pem",
                folder.resolve("ca.pem").toString(),
                "/etc/carillon/kafka-client.pem",
                folder.resolve("client.pem").toString(),
                "<user>",
                user,
                "<password>",
                PASSWORD);
        var variables = new HashMap<>(documented(protocol));
        variables.replaceAll((name, value) -> filled(value, filledIn));
        int port = protocol.equals("SSL") ? entrances.certificates() : entrances.passwords();
        variables.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + port);
        return variables;
    }

    private static Map<String, String> documented(String protocol) {
        List<FencedBlock> shown = OperatingDocs.blocks("text").stream()
                .filter(block -> block.document().equals("production.md"))
                .filter(block -> block.text().lines().anyMatch(("KAFKA_SECURITY_PROTOCOL=" + protocol)::equals))
                .toList();
        assertThat(shown).as("what production.md shows for %s", protocol).hasSize(1);
        return shown.getFirst()
                .text()
                .lines()
                .map(line -> line.split("=", 2))
                .collect(toMap(both -> both[0], both -> unquoted(both[1])));
    }

    /** As a shell takes it. */
    private static String unquoted(String value) {
        return value.replaceAll("^'(.*)'$", "$1");
    }

    private static String filled(String value, Map<String, String> filledIn) {
        String filled = value;
        for (var one : filledIn.entrySet()) {
            filled = filled.replace(one.getKey(), one.getValue());
        }
        return filled;
    }

    /** The variables of somebody who has another password. */
    Map<String, String> withAnotherPassword(String user) {
        Map<String, String> variables = variables("SASL_SSL", user);
        variables.replaceAll((name, value) -> value.replace(PASSWORD, "another"));
        return variables;
    }

    /** The variables of somebody who believes another CA than the one that has signed the broker's certificate. */
    Map<String, String> withAnotherCa(String user) {
        Map<String, String> variables = variables("SASL_SSL", user);
        variables.put(
                "KAFKA_SSL_TRUSTSTORE_LOCATION",
                folder.resolve("another-ca.pem").toString());
        return variables;
    }

    @Override
    public void close() {
        server.stop();
        guard.release();
        TemporaryFolder.delete(folder.resolve("kafka"));
    }
}

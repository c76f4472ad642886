package dev.carillon.kit.testing.kafka;

import dev.carillon.kit.testing.process.FreePort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Where one Kafka keeps its data and listens, and the command that runs it there.
 *
 * @param detour a second entrance; null for none
 * @param encrypted two more, for clients that prove who they are; null for none
 */
public record KafkaPlace(
        Path dataDirectory,
        int port,
        int controllerPort,
        @Nullable Detour detour,
        @Nullable Encrypted encrypted) {

    private static final String HOST = "127.0.0.1";
    private static final String DETOUR = "--detour";
    private static final String ENCRYPTED = "--encrypted";

    /**
     * For clients that come by way of a proxy, with all of their connections: a broker tells its clients where to connect to.
     *
     * @param port where it listens for the proxy
     * @param proxy the proxy's port
     */
    public record Detour(int port, int proxy) {}

    /**
     * For clients that are encrypted, are known and may do what the broker's ACLs grant them. Who comes by another entrance may do everything.
     *
     * @param passwords the port for those that say a name and a password: SASL_SSL, SCRAM-SHA-512
     * @param certificates the port for those that show a certificate: SSL
     * @param identity a file with the broker's own key and certificate, PEM
     * @param trusted a file with what clients' certificates are signed by, PEM
     */
    public record Encrypted(int passwords, int certificates, Path identity, Path trusted) {}

    public KafkaPlace {
        dataDirectory = dataDirectory.toAbsolutePath().normalize();
    }

    public KafkaPlace(Path dataDirectory, int port, int controllerPort) {
        this(dataDirectory, port, controllerPort, null, null);
    }

    static KafkaPlace read(String[] arguments) {
        List<String> said = List.of(arguments);
        return new KafkaPlace(
                Path.of(said.get(0)),
                Integer.parseInt(said.get(1)),
                Integer.parseInt(said.get(2)),
                detour(after(DETOUR, said)),
                encrypted(after(ENCRYPTED, said)));
    }

    /** Nothing when the word was not said. */
    private static List<String> after(String word, List<String> said) {
        int at = said.indexOf(word);
        return at < 0 ? List.of() : said.subList(at + 1, said.size());
    }

    private static @Nullable Detour detour(List<String> said) {
        return said.isEmpty() ? null : new Detour(Integer.parseInt(said.get(0)), Integer.parseInt(said.get(1)));
    }

    private static @Nullable Encrypted encrypted(List<String> said) {
        return said.isEmpty()
                ? null
                : new Encrypted(
                        Integer.parseInt(said.get(0)),
                        Integer.parseInt(said.get(1)),
                        Path.of(said.get(2)),
                        Path.of(said.get(3)));
    }

    static KafkaPlace onFreePorts(Path dataDirectory) {
        return new KafkaPlace(dataDirectory, FreePort.any(), FreePort.any());
    }

    public String bootstrapServers() {
        return HOST + ":" + port;
    }

    /** The broker's own JVM with this JVM's class path; its process id is the broker's. */
    public List<String> command() {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms64m",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.awt.headless=true",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                classPath(),
                KafkaProcess.class.getName(),
                dataDirectory.toString(),
                Integer.toString(port),
                Integer.toString(controllerPort)));
        if (detour != null) {
            command.addAll(List.of(DETOUR, Integer.toString(detour.port()), Integer.toString(detour.proxy())));
        }
        if (encrypted != null) {
            command.addAll(List.of(
                    ENCRYPTED,
                    Integer.toString(encrypted.passwords()),
                    Integer.toString(encrypted.certificates()),
                    encrypted.identity().toString(),
                    encrypted.trusted().toString()));
        }
        return command;
    }

    /** Where it listens for clients. */
    private List<String> entrances() {
        var entrances = new ArrayList<>(List.of(entrance("PLAINTEXT", port)));
        if (detour != null) {
            entrances.add(entrance("DETOUR", detour.port()));
        }
        entrances.addAll(encryptedEntrances());
        return entrances;
    }

    /** Where clients are told to connect to. */
    private List<String> advertised() {
        var advertised = new ArrayList<>(List.of(entrance("PLAINTEXT", port)));
        if (detour != null) {
            advertised.add(entrance("DETOUR", detour.proxy()));
        }
        advertised.addAll(encryptedEntrances());
        return advertised;
    }

    private List<String> encryptedEntrances() {
        return encrypted == null
                ? List.of()
                : List.of(
                        entrance("PASSWORDS", encrypted.passwords()),
                        entrance("CERTIFICATES", encrypted.certificates()));
    }

    private static String entrance(String name, int port) {
        return name + "://" + HOST + ":" + port;
    }

    private static String classPath() {
        // Surefire gives the class path to its JVM in a jar's manifest, and the plain one in this property.
        String plain = System.getProperty("surefire.test.class.path");
        return plain == null ? System.getProperty("java.class.path") : plain;
    }

    Properties settings() {
        var settings = new Properties();
        settings.setProperty("process.roles", "broker,controller");
        settings.setProperty("node.id", "1");
        settings.setProperty("controller.quorum.voters", "1@" + HOST + ":" + controllerPort);
        settings.setProperty("controller.listener.names", "CONTROLLER");
        settings.setProperty("listeners", String.join(",", entrances()) + "," + entrance("CONTROLLER", controllerPort));
        settings.setProperty("advertised.listeners", String.join(",", advertised()));
        settings.setProperty(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,DETOUR:PLAINTEXT,PASSWORDS:SASL_SSL,CERTIFICATES:SSL,CONTROLLER:PLAINTEXT");
        if (encrypted != null) {
            know(encrypted, settings);
        }
        settings.setProperty("log.dirs", dataDirectory.toString());
        settings.setProperty("auto.create.topics.enable", "false");
        settings.setProperty("default.replication.factor", "1");
        settings.setProperty("offsets.topic.replication.factor", "1");
        settings.setProperty("offsets.topic.num.partitions", "8");
        settings.setProperty("transaction.state.log.replication.factor", "1");
        settings.setProperty("transaction.state.log.min.isr", "1");
        settings.setProperty("transaction.state.log.num.partitions", "4");
        settings.setProperty("share.coordinator.state.topic.replication.factor", "1");
        settings.setProperty("share.coordinator.state.topic.min.isr", "1");
        settings.setProperty("share.coordinator.state.topic.num.partitions", "1");
        // As long as the consumers of one service need to come together: one that comes later waits for the heartbeat
        // of another.
        settings.setProperty("group.initial.rebalance.delay.ms", "50");
        settings.setProperty("log.cleaner.dedupe.buffer.size", "2097152");
        settings.setProperty("num.network.threads", "2");
        settings.setProperty("num.io.threads", "4");
        settings.setProperty("num.recovery.threads.per.data.dir", "2");
        settings.setProperty("log.segment.bytes", Integer.toString(64 * 1024 * 1024));
        return settings;
    }

    private static void know(Encrypted encrypted, Properties settings) {
        for (String entrance : List.of("listener.name.passwords.", "listener.name.certificates.")) {
            settings.setProperty(entrance + "ssl.keystore.type", "PEM");
            settings.setProperty(
                    entrance + "ssl.keystore.location", encrypted.identity().toString());
            settings.setProperty(entrance + "ssl.truststore.type", "PEM");
            settings.setProperty(
                    entrance + "ssl.truststore.location", encrypted.trusted().toString());
        }
        settings.setProperty("listener.name.certificates.ssl.client.auth", "required");
        settings.setProperty("listener.name.passwords.sasl.enabled.mechanisms", "SCRAM-SHA-512");
        settings.setProperty(
                "listener.name.passwords.scram-sha-512.sasl.jaas.config",
                "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        settings.setProperty("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
        settings.setProperty("super.users", "User:ANONYMOUS");
    }
}

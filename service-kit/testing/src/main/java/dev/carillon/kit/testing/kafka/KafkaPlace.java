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
 */
public record KafkaPlace(
        Path dataDirectory,
        int port,
        int controllerPort,
        @Nullable Detour detour) {

    private static final String HOST = "127.0.0.1";

    /**
     * For clients that come by way of a proxy, with all of their connections: a broker tells its clients where to connect to.
     *
     * @param port where it listens for the proxy
     * @param proxy the proxy's port
     */
    public record Detour(int port, int proxy) {}

    public KafkaPlace {
        dataDirectory = dataDirectory.toAbsolutePath().normalize();
    }

    public KafkaPlace(Path dataDirectory, int port, int controllerPort) {
        this(dataDirectory, port, controllerPort, null);
    }

    static KafkaPlace read(String[] arguments) {
        return new KafkaPlace(
                Path.of(arguments[0]),
                Integer.parseInt(arguments[1]),
                Integer.parseInt(arguments[2]),
                arguments.length < 5
                        ? null
                        : new Detour(Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4])));
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
            command.addAll(List.of(Integer.toString(detour.port()), Integer.toString(detour.proxy())));
        }
        return command;
    }

    private static String entrances(int plain, int detour) {
        String direct = "PLAINTEXT://" + HOST + ":" + plain;
        return detour == 0 ? direct : direct + ",DETOUR://" + HOST + ":" + detour;
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
        settings.setProperty(
                "listeners",
                entrances(port, detour == null ? 0 : detour.port()) + ",CONTROLLER://" + HOST + ":" + controllerPort);
        settings.setProperty("advertised.listeners", entrances(port, detour == null ? 0 : detour.proxy()));
        settings.setProperty(
                "listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,DETOUR:PLAINTEXT,CONTROLLER:PLAINTEXT");
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
        settings.setProperty("group.initial.rebalance.delay.ms", "0");
        settings.setProperty("log.cleaner.dedupe.buffer.size", "2097152");
        settings.setProperty("num.network.threads", "2");
        settings.setProperty("num.io.threads", "4");
        settings.setProperty("num.recovery.threads.per.data.dir", "2");
        settings.setProperty("log.segment.bytes", Integer.toString(64 * 1024 * 1024));
        return settings;
    }
}

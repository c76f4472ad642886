package dev.carillon.kit.testing.kafka;

import dev.carillon.kit.testing.process.FreePort;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/** Where one Kafka keeps its data and listens, and the command that runs it there. */
public record KafkaPlace(Path dataDirectory, int port, int controllerPort) {

    private static final String HOST = "127.0.0.1";

    public KafkaPlace {
        dataDirectory = dataDirectory.toAbsolutePath().normalize();
    }

    static KafkaPlace onFreePorts(Path dataDirectory) {
        return new KafkaPlace(dataDirectory, FreePort.any(), FreePort.any());
    }

    public String bootstrapServers() {
        return HOST + ":" + port;
    }

    /** The broker's own JVM with this JVM's class path; its process id is the broker's. */
    public List<String> command() {
        return List.of(
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
                Integer.toString(controllerPort));
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
                "listeners", "PLAINTEXT://" + HOST + ":" + port + ",CONTROLLER://" + HOST + ":" + controllerPort);
        settings.setProperty("advertised.listeners", "PLAINTEXT://" + HOST + ":" + port);
        settings.setProperty("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
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

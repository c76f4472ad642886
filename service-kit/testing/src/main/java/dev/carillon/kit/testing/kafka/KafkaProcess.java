package dev.carillon.kit.testing.kafka;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/** The broker's JVM: formats an empty data directory, then serves until SIGTERM, which is a clean shutdown. */
public final class KafkaProcess {

    private KafkaProcess() {}

    public static void main(String[] arguments) throws IOException {
        logWarningsPlainly();
        KafkaPlace place = KafkaPlace.read(arguments);
        format(place);
        var server = new KafkaRaftServer(KafkaConfig.fromProps(place.settings()), Time.SYSTEM);
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown, "stop-kafka"));
        server.startup();
        server.awaitShutdown();
    }

    private static void format(KafkaPlace place) throws IOException {
        if (Files.exists(place.dataDirectory().resolve("meta.properties"))) {
            return;
        }
        Files.createDirectories(place.dataDirectory());
        var output = new ByteArrayOutputStream();
        int status = format(place, new PrintStream(output, true, StandardCharsets.UTF_8));
        if (status != 0) {
            throw new IOException(
                    "cannot format " + place.dataDirectory() + ":\n" + output.toString(StandardCharsets.UTF_8));
        }
    }

    private static int format(KafkaPlace place, PrintStream output) throws IOException {
        Path settings = writeSettings(place);
        try {
            String[] command = {
                "format",
                "--cluster-id",
                Uuid.randomUuid().toString(),
                "--config",
                settings.toString(),
                "--ignore-formatted"
            };
            return StorageTool.execute(command, output);
        } finally {
            Files.delete(settings);
        }
    }

    private static Path writeSettings(KafkaPlace place) throws IOException {
        Path file = Files.createTempFile("carillon-kafka", ".properties");
        Properties settings = place.settings();
        try (var out = Files.newBufferedWriter(file)) {
            settings.store(out, null);
        }
        return file;
    }

    /** Kafka tells a long story at INFO; in a test's log only what went wrong is wanted. */
    private static void logWarningsPlainly() {
        Logger root = Logger.getLogger("");
        root.setLevel(Level.WARNING);
        Logger.getLogger("org.apache.kafka.common.utils.AppInfoParser").setLevel(Level.SEVERE);
        for (var handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        var console = new ConsoleHandler();
        console.setLevel(Level.ALL);
        console.setFormatter(new OneLine());
        root.addHandler(console);
    }

    private static final class OneLine extends Formatter {

        @Override
        public String format(LogRecord logged) {
            var line = new StringBuilder()
                    .append(logged.getInstant())
                    .append(' ')
                    .append(logged.getLevel())
                    .append(' ')
                    .append(logged.getLoggerName())
                    .append(": ")
                    .append(formatMessage(logged))
                    .append('\n');
            Throwable thrown = logged.getThrown();
            if (thrown != null) {
                var trace = new ByteArrayOutputStream();
                thrown.printStackTrace(new PrintStream(trace, true, StandardCharsets.UTF_8));
                line.append(trace.toString(StandardCharsets.UTF_8));
            }
            return line.toString();
        }
    }
}

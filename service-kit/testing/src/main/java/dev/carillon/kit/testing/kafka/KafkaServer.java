package dev.carillon.kit.testing.kafka;

import dev.carillon.kit.testing.process.LogTail;
import dev.carillon.kit.testing.process.OrphanGuard;
import dev.carillon.kit.testing.process.Signals;
import dev.carillon.kit.testing.process.TemporaryFolder;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * A running Kafka: a child process of this JVM, or one that was started elsewhere and is attached to by its process id.
 *
 * <p>Tests use {@link #shared()}, one broker for the whole JVM (it takes about four seconds to start). It ends with the JVM,
 * however the JVM ends, and leaves no data.
 */
public final class KafkaServer implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofSeconds(90);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(30);
    private static final int ANSWER_WITHIN_MILLIS = 10_000;
    private static final int PORTS_TRIED = 5;
    /** Interned strings are the JVM's own, whatever the class loader; unlike the properties, no driver locks this one. */
    private static final Object ONE_PER_JVM = "carillon.testing.kafka".intern();

    private static final String SHARED = "carillon.testing.kafka.";

    private final ProcessHandle process;
    private final String bootstrapServers;
    private final Runnable afterStop;

    private KafkaServer(ProcessHandle process, String bootstrapServers, Runnable afterStop) {
        this.process = process;
        this.bootstrapServers = bootstrapServers;
        this.afterStop = afterStop;
    }

    /**
     * Starts as a child of this JVM and waits until it answers. Data of an earlier run is kept, and recovered if that was killed.
     *
     * @throws KafkaDidNotStart with the end of its log
     */
    public static KafkaServer start(KafkaPlace place, Path log) {
        Process child = spawn(place, log);
        var server = new KafkaServer(child.toHandle(), place.bootstrapServers(), () -> {});
        server.awaitReady(log);
        return server;
    }

    /** A broker on free ports with new data, which is removed with it. */
    public static KafkaServer startTemporary() {
        KafkaDidNotStart last = null;
        for (int tried = 0; tried < PORTS_TRIED; tried++) {
            try {
                return startTemporaryOnce();
            } catch (KafkaDidNotStart e) {
                // Another process may have taken a port between the question and the start.
                last = e;
            }
        }
        throw new IllegalStateException("no Kafka after " + PORTS_TRIED + " tries", last);
    }

    private static KafkaServer startTemporaryOnce() {
        Path folder = TemporaryFolder.create("kafka");
        try {
            KafkaPlace place = KafkaPlace.onFreePorts(folder.resolve("data"));
            Path log = folder.resolve("kafka.log");
            ProcessHandle child = spawn(place, log).toHandle();
            var guard = OrphanGuard.over(child, "TERM", folder);
            var server = new KafkaServer(child, place.bootstrapServers(), () -> {
                guard.release();
                TemporaryFolder.delete(folder);
            });
            server.awaitReady(log);
            return server;
        } catch (KafkaDidNotStart e) {
            TemporaryFolder.delete(folder);
            throw e;
        }
    }

    /**
     * The one temporary broker of this JVM, started when first asked for and stopped with the JVM. Where class loaders have a copy
     * of this class each, as Quarkus tests do, they all get the same broker.
     */
    public static KafkaServer shared() {
        Properties jvm = System.getProperties();
        synchronized (ONE_PER_JVM) {
            KafkaServer known = knownIn(jvm);
            if (known != null) {
                return known;
            }
            KafkaServer server = startTemporary();
            jvm.setProperty(SHARED + "pid", Long.toString(server.pid()));
            jvm.setProperty(SHARED + "bootstrap", server.bootstrapServers);
            Runtime.getRuntime().addShutdownHook(new Thread(server::kill, "stop-kafka"));
            return server;
        }
    }

    private static @Nullable KafkaServer knownIn(Properties jvm) {
        String pid = jvm.getProperty(SHARED + "pid");
        if (pid == null) {
            return null;
        }
        return ProcessHandle.of(Long.parseLong(pid))
                .map(process -> attach(process, jvm.getProperty(SHARED + "bootstrap")))
                .orElse(null);
    }

    /** One that runs already, as the local stack's does: for its topics, and to stop it. */
    public static KafkaServer attach(ProcessHandle process, String bootstrapServers) {
        return new KafkaServer(process, bootstrapServers, () -> {});
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    /** The broker's JVM. */
    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Makes those that are missing and leaves those that are there as they are; answers when producers can write to them. */
    public void createTopics(Collection<Topic> topics) {
        try (Admin admin = admin()) {
            var wanted = topics.stream().map(KafkaServer::toNewTopic).toList();
            for (KafkaFuture<Void> made : admin.createTopics(wanted).values().values()) {
                awaitMade(made);
            }
            awaitKnown(admin, topics.stream().map(Topic::name).toList());
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Kafka at " + bootstrapServers + " did not make the topics", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while making topics", e);
        }
    }

    public void createTopics(Topic... topics) {
        createTopics(Arrays.asList(topics));
    }

    /** A clean shutdown, so that the next start recovers nothing; what does not end in 30 s is killed. May be repeated. */
    public void stop() {
        if (process.isAlive()) {
            Signals.end("TERM", process, STOPS_WITHIN);
        }
        afterStop.run();
    }

    /** The data is thrown away with it, so nothing is gained by a clean shutdown, which takes seconds. */
    private void kill() {
        process.destroyForcibly();
        Signals.hasEnded(process, STOPS_WITHIN);
        stop();
    }

    @Override
    public void close() {
        stop();
    }

    /**
     * Waits until the broker answers and has a controller.
     *
     * @throws KafkaDidNotStart when the process ends before that, or time is up; it is ended then
     */
    public void awaitReady(Path log) {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        try (Admin admin = admin()) {
            while (!answers(admin)) {
                if (!process.isAlive()) {
                    throw new KafkaDidNotStart("Kafka ended while starting on " + bootstrapServers, log);
                }
                if (System.nanoTime() > deadline) {
                    stop();
                    throw new KafkaDidNotStart(
                            "Kafka did not answer on " + bootstrapServers + " within " + READY_WITHIN, log);
                }
            }
        }
        if (!process.isAlive()) {
            throw new KafkaDidNotStart("Kafka ended while starting on " + bootstrapServers, log);
        }
    }

    private static boolean answers(Admin admin) {
        try {
            return !admin.describeCluster()
                    .nodes()
                    .get(500, TimeUnit.MILLISECONDS)
                    .isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for Kafka", e);
        }
    }

    private Admin admin() {
        return Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                AdminClientConfig.RECONNECT_BACKOFF_MS_CONFIG, 50,
                AdminClientConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 200,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, ANSWER_WITHIN_MILLIS,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, ANSWER_WITHIN_MILLIS));
    }

    private static NewTopic toNewTopic(Topic topic) {
        return new NewTopic(topic.name(), topic.partitions(), (short) 1).configs(topic.settings());
    }

    private static void awaitMade(KafkaFuture<Void> made)
            throws ExecutionException, InterruptedException, TimeoutException {
        try {
            made.get(ANSWER_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    /** What the controller has made reaches the broker's own view a moment later. */
    private static void awaitKnown(Admin admin, Collection<String> names)
            throws ExecutionException, InterruptedException, TimeoutException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWER_WITHIN_MILLIS);
        while (true) {
            try {
                admin.describeTopics(names).allTopicNames().get(ANSWER_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    private static Process spawn(KafkaPlace place, Path log) {
        try {
            Files.createDirectories(place.dataDirectory());
            return new ProcessBuilder(place.command())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start Kafka", e);
        }
    }

    /** Says why, as far as the log does. */
    public static final class KafkaDidNotStart extends IllegalStateException {

        private static final long serialVersionUID = 1;

        KafkaDidNotStart(String what, Path log) {
            super(what + "; its log " + log + " ends:\n" + LogTail.of(log, 20));
        }
    }
}

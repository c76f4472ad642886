package dev.carillon.backbone;

import dev.carillon.kit.testing.kafka.KafkaPlace;
import dev.carillon.kit.testing.kafka.KafkaServer;
import dev.carillon.kit.testing.kafka.Topic;
import dev.carillon.kit.testing.network.BreakableProxy;
import dev.carillon.kit.testing.postgres.Database;
import dev.carillon.kit.testing.postgres.Migrations;
import dev.carillon.kit.testing.postgres.PostgresServer;
import dev.carillon.kit.testing.process.FreePort;
import dev.carillon.local.Ports;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;

/** A PostgreSQL and a Kafka that can be killed and come back on the same ports with the same data. */
final class Servers implements AutoCloseable {
    static final String GROUP = "tester";

    /** Flow all the time, and are consumed. */
    static final List<String> CONSUMED = List.of("backbone.first", "backbone.second");

    /** Is deleted now and then, when it is empty of what has not been seen. */
    static final String DELETED = "backbone.deleted";

    // Above the relay's batches, and below what an outbox takes.
    private static final Map<String, String> SMALL_RECORDS = Map.of("max.message.bytes", "200000");

    private final Path folder;
    private final Ports ports;
    private final KafkaPlace kafkaPlace;
    private final BreakableProxy detour;
    private final String password = UUID.randomUUID().toString();
    private PostgresServer postgres;
    private Child postgresProcess;
    private KafkaServer kafka;
    private Child kafkaProcess;

    Servers(Path folder, Ports ports) {
        this.folder = folder;
        this.ports = ports;
        int entrance = FreePort.any();
        this.detour = new BreakableProxy("127.0.0.1", entrance);
        this.kafkaPlace = new KafkaPlace(
                folder.resolve("kafka"),
                ports.kafka(),
                ports.kafkaController(),
                new KafkaPlace.Detour(entrance, detour.port()),
                null);
        this.postgres = startPostgres();
        this.postgresProcess = Child.over(postgres.pid(), folder);
        this.kafka = startKafka();
        this.kafkaProcess = Child.over(kafka.pid(), folder);
        postgres.ensureRole(PostgresServer.RELAY, password);
        CONSUMED.forEach(topic -> createTopic(topic));
        CONSUMED.forEach(topic -> kafka.createTopics(Topic.named(deadLetters(topic))));
        createTopic(DELETED);
    }

    static String deadLetters(String topic) {
        return topic + "." + GROUP + ".dlq";
    }

    String bootstrapServers() {
        return kafkaPlace.bootstrapServers();
    }

    /** By way of a proxy that {@link #kafkaConnections} gives: for those whose connections are to be broken. */
    String brokenBootstrapServers() {
        return "127.0.0.1:" + detour.port();
    }

    BreakableProxy kafkaConnections() {
        return detour;
    }

    void createTopic(String topic) {
        kafka.createTopics(new Topic(topic, 6, SMALL_RECORDS));
    }

    void deleteTopic(String topic) throws InterruptedException, ExecutionException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }

    /** A database with the kit's tables. */
    Database migrated(String name) {
        Database database = postgres.createDatabase(name);
        Migrations.ofKit(database).load().migrate();
        return database;
    }

    Database asRelay(Database database) {
        return database.as(PostgresServer.RELAY, password);
    }

    void killPostgres() {
        postgresProcess.kill();
        bringPostgresBack();
    }

    void restartPostgres() {
        postgres.stop();
        postgresProcess.forget();
        bringPostgresBack();
    }

    private void bringPostgresBack() {
        postgres = startPostgres();
        postgresProcess = Child.over(postgres.pid(), folder);
    }

    void killKafka() {
        kafkaProcess.kill();
        bringKafkaBack();
    }

    void restartKafka() {
        kafka.stop();
        kafkaProcess.forget();
        bringKafkaBack();
    }

    private void bringKafkaBack() {
        kafka = startKafka();
        kafkaProcess = Child.over(kafka.pid(), folder);
    }

    private PostgresServer startPostgres() {
        return PostgresServer.start(
                folder.resolve("postgres"), ports.postgres(), password, folder.resolve("postgres.log"));
    }

    private KafkaServer startKafka() {
        return KafkaServer.start(kafkaPlace, folder.resolve("kafka.log"));
    }

    @Override
    public void close() {
        kafkaProcess.kill();
        postgres.stop();
        postgresProcess.forget();
        detour.close();
    }
}

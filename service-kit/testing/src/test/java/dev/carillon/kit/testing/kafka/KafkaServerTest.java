package dev.carillon.kit.testing.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.carillon.kit.testing.process.Signals;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaServerTest {

    private final Path folder;

    KafkaServerTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void a_restart_keeps_topics_and_records_and_so_does_kill_9() throws Exception {
        var place = KafkaPlace.onFreePorts(folder.resolve("data"));
        try (var server = start(place)) {
            server.createTopics(Topic.named("kept"));
            send(server, "kept", "before a clean stop");
        }
        try (var server = start(place)) {
            send(server, "kept", "before a kill");
            kill(server);
        }
        try (var server = start(place)) {
            assertThat(valuesOf(server, "kept", 2)).containsExactlyInAnyOrder("before a clean stop", "before a kill");
        }
    }

    @Test
    void topics_are_made_once_and_making_them_again_changes_nothing() throws Exception {
        var server = KafkaServer.shared();
        String name = "again-" + UUID.randomUUID();
        server.createTopics(Topic.named(name));
        send(server, name, "kept");

        server.createTopics(Topic.named(name), Topic.compacted(name + "-compacted"));

        assertThat(valuesOf(server, name, 1)).containsExactly("kept");
        try (var admin = Admin.create(Map.of("bootstrap.servers", server.bootstrapServers()))) {
            var topics = admin.describeTopics(List.of(name, name + "-compacted"))
                    .allTopicNames()
                    .get();
            assertThat(topics.values().stream().map(topic -> topic.partitions().size()))
                    .containsExactlyInAnyOrder(6, 1);
        }
    }

    @Test
    void a_topic_that_nobody_made_does_not_come_into_being() {
        var server = KafkaServer.shared();

        assertThatThrownBy(() -> send(server, "misspelt-" + UUID.randomUUID(), "lost"))
                .hasCauseInstanceOf(TimeoutException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "gzip", "lz4", "snappy", "zstd"})
    void records_in_every_codec_are_taken(String codec) throws Exception {
        var server = KafkaServer.shared();
        server.createTopics(Topic.named("codec-" + codec));

        send(server, "codec-" + codec, "compressed", codec);

        assertThat(valuesOf(server, "codec-" + codec, 1)).containsExactly("compressed");
    }

    @Test
    void every_topic_of_carillon_can_be_made() {
        KafkaServer.shared().createTopics(Topic.allOfCarillon());

        assertThat(Topic.allOfCarillon())
                .extracting(Topic::name)
                .doesNotHaveDuplicates()
                .hasSize(13);
        assertThat(Topic.allOfCarillon())
                .filteredOn(topic -> topic.name().endsWith(".dlq"))
                .hasSize(5)
                .allSatisfy(topic -> assertThat(topic.settings())
                        .containsEntry(
                                "retention.ms",
                                Long.toString(Duration.ofDays(14).toMillis())));
    }

    @Test
    void the_shared_broker_is_one_broker() {
        assertThat(KafkaServer.shared().pid()).isEqualTo(KafkaServer.shared().pid());
    }

    private KafkaServer start(KafkaPlace place) {
        return KafkaServer.start(place, folder.resolve("kafka.log"));
    }

    private static void kill(KafkaServer server) {
        var broker = ProcessHandle.of(server.pid()).orElseThrow();
        broker.destroyForcibly();
        assertThat(Signals.hasEnded(broker, Duration.ofSeconds(10))).isTrue();
    }

    private static void send(KafkaServer server, String topic, String value) throws Exception {
        send(server, topic, value, "none");
    }

    private static void send(KafkaServer server, String topic, String value, String codec) throws Exception {
        Map<String, Object> settings = Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                server.bootstrapServers(),
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                3_000,
                ProducerConfig.ACKS_CONFIG,
                "all");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get(10, TimeUnit.SECONDS);
        }
    }

    private static List<String> valuesOf(KafkaServer server, String topic, int atLeast) {
        Map<String, Object> settings = Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, server.bootstrapServers(),
                ConsumerConfig.GROUP_ID_CONFIG, UUID.randomUUID().toString(),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        var values = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (values.size() < atLeast && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200)).forEach(read -> values.add(read.value()));
            }
        }
        return values;
    }
}

package dev.carillon.system.interruptions;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.system.stack.TestStack;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Follows {@code carillon.message.staged.v1} from now on, as anybody may. One event may be on it several times; it is one by its id. */
final class StagedEvents implements AutoCloseable {

    private static final String TOPIC = "carillon.message.staged.v1";
    private static final String TYPE = "carillon.message.staged.v1";

    /** One staging of a message. */
    record Staging(String messageId, int generation) {}

    private final Map<Staging, Set<String>> events = new HashMap<>();
    private final KafkaConsumer<String, byte[]> consumer;
    private final CompletableFuture<Void> following;
    private volatile boolean stopped;

    StagedEvents(TestStack stack) {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", "127.0.0.1:" + stack.ports().kafka(),
                "enable.auto.commit", "false",
                "allow.auto.create.topics", "false");
        consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer());
        consumer.assign(consumer.partitionsFor(TOPIC).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList());
        consumer.seekToEnd(consumer.assignment());
        // The end is looked for when it is asked for.
        consumer.assignment().forEach(consumer::position);
        following = CompletableFuture.runAsync(this::follow, Thread::startVirtualThread);
    }

    private void follow() {
        try (consumer) {
            while (!stopped) {
                consumer.poll(Duration.ofMillis(50)).forEach(this::note);
            }
        }
    }

    private synchronized void note(ConsumerRecord<String, byte[]> found) {
        if (TYPE.equals(header(found, "ce_type"))) {
            var payload = new JsonObject(new String(found.value(), UTF_8));
            var staging = new Staging(payload.getString("messageId"), payload.getInteger("generation"));
            events.computeIfAbsent(staging, first -> new HashSet<>()).add(header(found, "ce_id"));
        }
    }

    private static String header(ConsumerRecord<String, byte[]> found, String name) {
        return new String(found.headers().lastHeader(name).value(), UTF_8);
    }

    /** The ids of the events of each staging of these messages. */
    synchronized Map<Staging, Set<String>> of(Set<String> messageIds) {
        var some = new HashMap<Staging, Set<String>>();
        events.forEach((staging, ids) -> {
            if (messageIds.contains(staging.messageId())) {
                some.put(staging, Set.copyOf(ids));
            }
        });
        return some;
    }

    @Override
    public void close() {
        stopped = true;
        following.join();
    }
}

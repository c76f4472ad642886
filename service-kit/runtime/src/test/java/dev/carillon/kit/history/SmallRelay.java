package dev.carillon.kit.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.carillon.kit.KitDatabase;
import io.vertx.mutiny.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The steps that a relay is made of, for tests to put together rightly and wrongly. */
final class SmallRelay implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final KitDatabase db;
    private final KafkaProducer<String, byte[]> producer;

    SmallRelay(KitDatabase db, String bootstrapServers) {
        this.db = db;
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 0),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    record Row(long seq, UUID id, String topic, String key) {}

    /** @param clause what may follow {@code FROM outbox_event} */
    List<Row> read(String clause) {
        return db.transactions
                .list(
                        "SELECT seq, event_id, topic, record_key FROM outbox_event " + clause,
                        Tuple.tuple(),
                        row -> new Row(
                                row.getLong("seq"),
                                row.getUUID("event_id"),
                                row.getString("topic"),
                                row.getString("record_key")))
                .await()
                .atMost(PATIENCE);
    }

    /** Returns when the broker has them. */
    void publish(List<Row> rows) {
        for (Row row : rows) {
            publish(row.id(), row.topic(), row.key());
        }
    }

    void publish(UUID id, String topic, String key) {
        var event = new ProducerRecord<>(topic, key, "{}".getBytes(UTF_8));
        event.headers().add("ce_id", id.toString().getBytes(UTF_8));
        try {
            producer.send(event).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    void delete(List<Row> rows) {
        for (Row row : rows) {
            db.execute("DELETE FROM outbox_event WHERE seq = " + row.seq());
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}

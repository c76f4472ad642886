package dev.carillon.system.stack;

import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** A record that is no event, as a broken producer would leave it: every group of its topic makes a dead letter of it. */
public final class Nonsense {

    private Nonsense() {}

    public static void send(TestStack stack, String topic) {
        send("localhost:" + stack.ports().kafka(), topic);
    }

    public static void send(String bootstrapServers, String topic) {
        Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers);
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            var unused = producer.send(new ProducerRecord<>(topic, "nonsense"));
        }
    }
}

package dev.carillon.kit.inbox;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaProducer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

/**
 * Puts a record that cannot be read or applied on {@code <topic>.<consumer>.dlq}, as it was, with headers that say where it stood and why. The
 * headers are replaced, not appended, so that a record that comes round again does not grow.
 */
@ApplicationScoped
public class DeadLetters {
    private static final Logger LOG = Logger.getLogger(DeadLetters.class);
    private static final String PREFIX = "x-carillon-dlq-";
    private static final int LONGEST_ERROR = 1_000;
    static final String CHANNEL = "dead-letters";

    private final KafkaClientService clients;

    public DeadLetters(KafkaClientService clients) {
        this.clients = clients;
    }

    /** Makes the channel exist, whose producer {@link #add} uses. */
    @Inject
    void declareChannel(@Channel(CHANNEL) @OnOverflow(OnOverflow.Strategy.BUFFER) Emitter<byte[]> unused) {}

    /** Completes when the broker has the record; waits and tries again while it has not. */
    Uni<Void> add(String consumer, ConsumerRecord<String, byte[]> source, Throwable failure) {
        LOG.errorf(
                failure,
                "%s: record %s-%d@%d becomes a dead letter",
                consumer,
                source.topic(),
                source.partition(),
                source.offset());
        KafkaProducer<String, byte[]> producer = clients.getProducer(CHANNEL);
        return producer.send(letter(consumer, source, failure))
                .onFailure()
                .invoke(refused -> LOG.errorf(refused, "%s: the dead letter was not accepted, tried again", consumer))
                .onFailure()
                .retry()
                .withBackOff(Duration.ofMillis(200), Duration.ofSeconds(5))
                .indefinitely()
                .replaceWithVoid();
    }

    static ProducerRecord<String, byte[]> letter(
            String consumer, ConsumerRecord<String, byte[]> source, Throwable failure) {
        var headers = new RecordHeaders(source.headers().toArray());
        Map.of(
                        "topic", source.topic(),
                        "partition", String.valueOf(source.partition()),
                        "offset", String.valueOf(source.offset()),
                        "failed-at", Instant.now().toString(),
                        "error", bounded(String.valueOf(failure)))
                .forEach((name, value) -> {
                    headers.remove(PREFIX + name);
                    headers.add(PREFIX + name, value.getBytes(StandardCharsets.UTF_8));
                });
        return new ProducerRecord<>(
                source.topic() + "." + consumer + ".dlq", null, source.key(), source.value(), headers);
    }

    private static String bounded(String error) {
        return error.length() <= LONGEST_ERROR ? error : error.substring(0, LONGEST_ERROR);
    }
}

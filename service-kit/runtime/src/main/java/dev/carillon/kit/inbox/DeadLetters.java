package dev.carillon.kit.inbox;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.KafkaProducer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.OnOverflow;
import org.jboss.logging.Logger;

/** Puts a record that cannot be read or applied on {@code <topic>.<group>.dlq}, as it was, with {@link DeadLetterHeaders} that say where it stood and why. */
@ApplicationScoped
public class DeadLetters {
    private static final Logger LOG = Logger.getLogger(DeadLetters.class);
    static final String CHANNEL = "dead-letters";

    private final KafkaClientService clients;
    private final InboxMetrics metrics;

    public DeadLetters(KafkaClientService clients, InboxMetrics metrics) {
        this.clients = clients;
        this.metrics = metrics;
    }

    /** Makes the channel exist, whose producer {@link #add} uses. */
    @Inject
    void declareChannel(@Channel(CHANNEL) @OnOverflow(OnOverflow.Strategy.BUFFER) Emitter<byte[]> unused) {}

    /** Completes when the broker has the record; waits and tries again while it has not. */
    Uni<Void> add(String group, ConsumerRecord<String, byte[]> source, Reason reason, String error) {
        LOG.errorf(
                "%s: record %s-%d@%d becomes a dead letter, %s: %s",
                group, source.topic(), source.partition(), source.offset(), reason.wireName(), error);
        var letter = Letters.of(group, source, reason, error, Instant.now());
        return send(letter)
                .onFailure(RecordTooLargeException.class)
                .recoverWithUni(() -> send(Letters.withoutValue(letter)))
                .onFailure()
                .invoke(refused -> LOG.errorf(refused, "%s: the dead letter was not accepted, tried again", group))
                .onFailure()
                .retry()
                .withBackOff(Duration.ofMillis(200), Duration.ofSeconds(5))
                .indefinitely()
                .invoke(() -> metrics.deadLetter(group, source.topic(), reason));
    }

    private Uni<Void> send(ProducerRecord<String, byte[]> letter) {
        KafkaProducer<String, byte[]> producer = clients.getProducer(CHANNEL);
        return producer.send(letter).replaceWithVoid();
    }
}

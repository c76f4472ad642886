package dev.carillon.kit.inbox;

import dev.carillon.kit.event.EventFields;
import dev.carillon.kit.telemetry.LogCategory;
import dev.carillon.kit.telemetry.LogCategory.Line;
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

/** Puts a record that cannot be read or applied on {@code <topic>.<group>.dlq}, as it was, with {@link DeadLetterHeaders} that say where it stood and why. */
@ApplicationScoped
public class DeadLetters {
    private static final LogCategory LOG = LogCategory.of(DeadLetters.class);
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
        about(LOG.error(), source)
                .with("reason", reason.wireName())
                .say(
                        "%s: record %s-%d@%d becomes a dead letter, %s: %s",
                        group, source.topic(), source.partition(), source.offset(), reason.wireName(), error);
        var letter = Letters.of(group, source, reason, error, Instant.now());
        return send(letter)
                .onFailure(RecordTooLargeException.class)
                .recoverWithUni(() -> send(Letters.withoutValue(letter)))
                .onFailure()
                .invoke(refused -> about(LOG.error(), source)
                        .because(refused)
                        .say("%s: the dead letter was not accepted, tried again", group))
                .onFailure()
                .retry()
                .withBackOff(Duration.ofMillis(200), Duration.ofSeconds(5))
                .indefinitely()
                .invoke(() -> metrics.deadLetter(group, source.topic(), reason));
    }

    /** Of one whose envelope cannot be read nothing is known. */
    private static Line about(Line line, ConsumerRecord<String, byte[]> source) {
        return Polled.of(source) instanceof Polled.Readable(var _, var event) ? EventFields.add(line, event) : line;
    }

    private Uni<Void> send(ProducerRecord<String, byte[]> letter) {
        KafkaProducer<String, byte[]> producer = clients.getProducer(CHANNEL);
        return producer.send(letter).replaceWithVoid();
    }
}

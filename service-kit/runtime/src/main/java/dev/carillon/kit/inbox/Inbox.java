package dev.carillon.kit.inbox;

import dev.carillon.kit.event.Event;
import dev.carillon.kit.event.EventHeaders;
import dev.carillon.kit.event.EventHeaders.UnreadableEvent;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.Outages;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jboss.logging.Logger;

/**
 * Applies a polled batch: inbox rows for the events not seen before, their effects and the service's own outbox rows in one transaction. When
 * that fails for a reason of the data, the records are applied one by one and only the guilty one goes to the dead letters; when the database
 * is away, the batch waits and is tried again for as long as it takes, which holds the partition and loses nothing.
 */
@ApplicationScoped
public class Inbox {
    private static final Logger LOG = Logger.getLogger(Inbox.class);
    private static final String SEE =
            "INSERT INTO inbox (consumer, event_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING RETURNING event_id";
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final Transactions transactions;
    private final DeadLetters deadLetters;
    private final Traces traces;

    public Inbox(Transactions transactions, DeadLetters deadLetters, Traces traces) {
        this.transactions = transactions;
        this.deadLetters = deadLetters;
        this.traces = traces;
    }

    /**
     * What a consumer does with events that it has not seen, in the order in which they were read; types that it does not know it ignores. Each event
     * brings the context of the span in which it is applied.
     */
    @FunctionalInterface
    public interface Effect {
        /** @throws UnreadableEvent (thrown or emitted) when a payload cannot be read */
        Uni<Void> apply(Tx tx, List<Event> events);
    }

    /** For a group that reads one topic, and is the consumer. */
    public Uni<Void> consume(String group, ConsumerRecords<String, byte[]> batch, Effect effect) {
        return consume(group, group, batch, effect);
    }

    /**
     * Completes when every record of the batch has its effect or is a dead letter: then it may be acknowledged.
     *
     * @param group names the topic of the dead letters
     * @param consumer whose events these are in the inbox; one for each topic of a group that reads several
     */
    public Uni<Void> consume(String group, String consumer, ConsumerRecords<String, byte[]> batch, Effect effect) {
        Map<ConsumerRecord<String, byte[]>, Event> readable = new LinkedHashMap<>();
        var unreadable = new ArrayList<Uni<Void>>();
        for (var source : batch) {
            try {
                readable.put(source, EventHeaders.read(source));
            } catch (RuntimeException failure) {
                // Not only what is known to be unreadable: a record that fails the channel would be read again for
                // ever.
                unreadable.add(deadLetters.add(group, source, failure));
            }
        }
        Uni<Void> letters = unreadable.isEmpty()
                ? Uni.createFrom().voidItem()
                : Uni.join().all(unreadable).andFailFast().replaceWithVoid();
        return letters.chain(() -> applyBatch(group, consumer, readable, effect));
    }

    private Uni<Void> applyBatch(
            String group, String consumer, Map<ConsumerRecord<String, byte[]>, Event> batch, Effect effect) {
        if (batch.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return whileDatabaseIsAway(applyOnce(consumer, List.copyOf(batch.values()), effect))
                .onFailure()
                .recoverWithUni(failure -> {
                    LOG.warnf(
                            failure,
                            "%s: a batch of %d failed, its records are applied one by one",
                            consumer,
                            batch.size());
                    return oneByOne(group, consumer, batch, effect);
                });
    }

    private Uni<Void> oneByOne(
            String group, String consumer, Map<ConsumerRecord<String, byte[]>, Event> batch, Effect effect) {
        Uni<Void> chain = Uni.createFrom().voidItem();
        for (var entry : batch.entrySet()) {
            chain = chain.chain(() -> whileDatabaseIsAway(applyOnce(consumer, List.of(entry.getValue()), effect))
                    .onFailure()
                    .recoverWithUni(failure -> deadLetters.add(group, entry.getKey(), failure)));
        }
        return chain;
    }

    private Uni<Void> applyOnce(String consumer, List<Event> events, Effect effect) {
        return transactions.inTransaction(tx -> tx.list(
                        SEE,
                        Tuple.of(
                                consumer,
                                events.stream()
                                        .map(Event::id)
                                        .distinct()
                                        .sorted()
                                        .toArray(UUID[]::new)),
                        row -> row.getUUID("event_id"))
                .chain(fresh -> applyFresh(tx, events, new HashSet<>(fresh), effect)));
    }

    private Uni<Void> applyFresh(Tx tx, List<Event> events, Set<UUID> fresh, Effect effect) {
        // remove() and not contains(): one event twice in a batch has one effect.
        var unseen = events.stream().filter(event -> fresh.remove(event.id())).toList();
        return unseen.isEmpty() ? Uni.createFrom().voidItem() : applyInSpans(tx, unseen, effect);
    }

    private Uni<Void> applyInSpans(Tx tx, List<Event> events, Effect effect) {
        var spans = new ArrayList<Span>();
        var traced = new ArrayList<Event>();
        for (var event : events) {
            var span = span(event);
            spans.add(span);
            traced.add(event.within(traces.of(span)));
        }
        return Uni.createFrom()
                .deferred(() -> effect.apply(tx, traced))
                .onFailure()
                .invoke(failure -> spans.forEach(span -> span.setStatus(StatusCode.ERROR, failure.toString())))
                .onTermination()
                .invoke(() -> spans.forEach(Span::end));
    }

    /** As OpenTelemetry's conventions for messaging have it. */
    private Span span(Event event) {
        return traces.start(event.topic() + " process", SpanKind.CONSUMER, event.trace())
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.destination.name", event.topic())
                .setAttribute("messaging.operation.type", "process")
                .setAttribute("messaging.kafka.message.key", event.key())
                .setAttribute("carillon.event.id", event.id().toString())
                .setAttribute("carillon.event.type", event.type())
                .setAttribute("carillon.event.subject", event.subject());
    }

    private static Uni<Void> whileDatabaseIsAway(Uni<Void> work) {
        return work.onFailure(Outages::isOutage)
                .invoke(outage -> LOG.warnf("The database is away, the batch waits: %s", outage.getMessage()))
                .onFailure(Outages::isOutage)
                .retry()
                .withBackOff(FIRST_WAIT, LONGEST_WAIT)
                .indefinitely();
    }
}

package dev.carillon.kit.inbox;

import dev.carillon.kit.event.Event;
import dev.carillon.kit.event.EventFields;
import dev.carillon.kit.event.EventHeaders.UnreadableEvent;
import dev.carillon.kit.telemetry.LogCategory;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Applies a polled batch: inbox rows for the events not seen before, their effects and the service's own outbox rows in one transaction. When
 * that fails for a reason of the data, the records are applied one by one and only the guilty ones go to the dead letters; when most of a partition's
 * latest records fail, they wait and are tried again instead. When the database is away, the batch waits and is tried again for as long as it takes,
 * which holds the partition and loses nothing.
 */
@ApplicationScoped
public class Inbox {
    private static final Logger LOG = Logger.getLogger(Inbox.class);
    private static final int LOOKS = 3;

    private final Once once;
    private final DeadLetters deadLetters;
    private final InboxKeeper keeper;
    private final Floods floods;

    public Inbox(
            Transactions transactions,
            DeadLetters deadLetters,
            Traces traces,
            InboxKeeper keeper,
            Floods floods,
            InboxMetrics metrics) {
        this.once = new Once(transactions, traces, metrics);
        this.deadLetters = deadLetters;
        this.keeper = keeper;
        this.floods = floods;
    }

    /**
     * What a consumer does with events that it has not seen, in the order in which they were read; types that it does not know it ignores. Each event
     * brings the context of the span in which it is applied.
     */
    @FunctionalInterface
    public interface Effect {
        /** @throws UnreadableEvent (thrown or emitted) when a payload cannot be read; its message quotes nothing of the payload */
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
        return consume(group, consumer, batch, event -> true, effect);
    }

    /**
     * The same for a consumer to which only some of a topic's events are of any concern: the others have no effect, and leave no row in the inbox.
     *
     * @param concerns true as well for an event that cannot be told, so that it becomes a dead letter when it is applied
     */
    public Uni<Void> consume(
            String group,
            String consumer,
            ConsumerRecords<String, byte[]> batch,
            Predicate<Event> concerns,
            Effect effect) {
        var polled = StreamSupport.stream(batch.spliterator(), false)
                .map(Polled::of)
                .filter(one -> !(one instanceof Polled.Readable readable) || concerns.test(readable.event()))
                .toList();
        return consume(new Consumption(group, consumer, effect), polled, LOOKS);
    }

    private Uni<Void> consume(Consumption consumption, List<Polled> polled, int looks) {
        if (polled.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        var ids = readable(polled).map(one -> one.event().id()).toList();
        return Once.whileDatabaseIsAway(Uni.createFrom().deferred(() -> keeper.remembered(ids)))
                .chain(days -> leaveOut(consumption, polled, days))
                .chain(inTime -> applyBatch(consumption, inTime, looks));
    }

    /** Gives those whose day the inbox has; the others become dead letters. */
    private Uni<List<Polled>> leaveOut(Consumption consumption, List<Polled> polled, Remembered days) {
        var inTime = new ArrayList<Polled>();
        Uni<Void> letters = Uni.createFrom().voidItem();
        for (var one : polled) {
            if (one instanceof Polled.Readable(var source, var event) && days.isTooOld(event.id())) {
                letters = letters.chain(() -> leaveOut(consumption, source, Reason.TOO_OLD, event));
            } else if (one instanceof Polled.Readable(var source, var event) && days.isBeyond(event.id())) {
                letters = letters.chain(() -> leaveOut(consumption, source, Reason.FROM_THE_FUTURE, event));
            } else {
                inTime.add(one);
            }
        }
        return letters.replaceWith(inTime);
    }

    private Uni<Void> leaveOut(
            Consumption consumption, ConsumerRecord<String, byte[]> source, Reason reason, Event event) {
        var error = "%s: the event's id is of %s".formatted(reason.wireName(), Remembered.dayOf(event.id()));
        return deadLetters.add(consumption.group(), source, reason, error);
    }

    private Uni<Void> applyBatch(Consumption consumption, List<Polled> batch, int looks) {
        var readable = readable(batch).toList();
        Uni<Void> together = readable.isEmpty() ? Uni.createFrom().voidItem() : once.apply(consumption, readable);
        return together.invoke(() -> readable.forEach(record -> applied(consumption, record.event())))
                .map(applied -> unreadable(consumption, batch))
                .onFailure(failure -> !isToBeLookedUp(failure, looks))
                .recoverWithItem(failure -> {
                    LOG.warnf(
                            "%s: a batch of %d failed, its records are applied one by one: %s",
                            consumption.consumer(), batch.size(), FailureText.of(failure));
                    return batch;
                })
                .chain(left -> oneByOne(consumption, left))
                .onFailure(failure -> isToBeLookedUp(failure, looks))
                .recoverWithUni(() ->
                        Once.whileDatabaseIsAway(keeper.look()).chain(() -> consume(consumption, batch, looks - 1)));
    }

    /** Also of one that was applied before: it is told that it came. */
    static void applied(Consumption consumption, Event event) {
        if (LogCategory.EVENTS.isDebug()) {
            EventFields.add(LogCategory.EVENTS.debug(), event)
                    .with("consumer", consumption.consumer())
                    .say("%s: %s of %s is applied", consumption.consumer(), event.type(), event.subject());
        }
    }

    private static boolean isToBeLookedUp(Throwable failure, int looks) {
        return looks > 0 && Once.isDayMissing(failure);
    }

    /** Those that are left when the events have been applied. */
    private List<Polled> unreadable(Consumption consumption, List<Polled> batch) {
        byPartition(batch).forEach((partition, records) -> floods.of(consumption.consumer(), partition)
                .succeeded((int) readable(records).count()));
        return batch.stream().filter(Polled.Unreadable.class::isInstance).toList();
    }

    /** Partitions at once: one that is paused does not keep the others from their turn. */
    private Uni<Void> oneByOne(Consumption consumption, List<Polled> left) {
        var partitions = byPartition(left);
        return Multi.createFrom()
                .iterable(partitions.entrySet())
                .onItem()
                .transformToUni(one ->
                        new OneByOne(once, deadLetters, floods, consumption, one.getKey(), one.getValue()).applyAll())
                .merge(Math.max(1, left.size()))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private static Stream<Polled.Readable> readable(List<Polled> batch) {
        return batch.stream().filter(Polled.Readable.class::isInstance).map(Polled.Readable.class::cast);
    }

    private static Map<TopicPartition, List<Polled>> byPartition(List<Polled> batch) {
        return batch.stream()
                .collect(Collectors.groupingBy(Polled::partition, LinkedHashMap::new, Collectors.toList()));
    }
}

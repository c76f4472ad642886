package dev.carillon.kit.inbox;

import dev.carillon.kit.event.Event;
import dev.carillon.kit.telemetry.SpanIds;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.tx.Outages;
import dev.carillon.kit.tx.Transactions;
import dev.carillon.kit.tx.Tx;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import io.vertx.mutiny.sqlclient.Tuple;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** The inbox rows of some events and the effects of those not seen before, in one transaction; tried again while the database is away. */
final class Once {
    private static final Logger LOG = Logger.getLogger(Once.class);
    private static final String SEE =
            "INSERT INTO inbox (consumer, event_id) SELECT $1, unnest($2::uuid[]) ON CONFLICT DO NOTHING RETURNING event_id";
    private static final String REFUSED_ROW = "23514";
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    private final Transactions transactions;
    private final Traces traces;
    private final InboxMetrics metrics;

    Once(Transactions transactions, Traces traces, InboxMetrics metrics) {
        this.transactions = transactions;
        this.traces = traces;
        this.metrics = metrics;
    }

    Uni<Void> apply(Consumption consumption, List<Polled.Readable> records) {
        return whileDatabaseIsAway(onItsOwn(() -> transactions.inTransaction(
                tx -> tx.list(SEE, Tuple.of(consumption.consumer(), ids(records)), row -> row.getUUID("event_id"))
                        .chain(fresh -> applyFresh(tx, consumption, records, new HashSet<>(fresh))))));
    }

    /**
     * On a context of its own, so that its statements are part of its span and of no other's; a consumer's context is shared. It is put together there, too: what
     * is put together on a context goes back to it with each step.
     */
    private static Uni<Void> onItsOwn(Supplier<Uni<Void>> work) {
        return Uni.createFrom().deferred(() -> {
            if (!(Vertx.currentContext() instanceof ContextInternal here)) {
                return work.get();
            }
            return Uni.createFrom().emitter(emitter -> here.unwrap().duplicate().runOnContext(begin -> work.get()
                    .subscribe()
                    .with(
                            applied -> here.runOnContext(end -> emitter.complete(applied)),
                            failure -> here.runOnContext(end -> emitter.fail(failure)))));
        });
    }

    private static UUID[] ids(List<Polled.Readable> records) {
        return records.stream()
                .map(record -> record.event().id())
                .distinct()
                .sorted()
                .toArray(UUID[]::new);
    }

    private Uni<Void> applyFresh(Tx tx, Consumption consumption, List<Polled.Readable> records, Set<UUID> fresh) {
        // remove() and not contains(): one event twice in a batch has one effect.
        var unseen = records.stream()
                .filter(record -> fresh.remove(record.event().id()))
                .toList();
        int again = records.size() - unseen.size();
        var topic = records.getFirst().event().topic();
        tx.afterCommit(() -> metrics.applied(consumption.consumer(), topic, unseen.size(), again));
        return unseen.isEmpty() ? Uni.createFrom().voidItem() : applyInSpans(tx, consumption, unseen);
    }

    /** The statements are part of the first span: the event's if there is but one, and the batch's otherwise. */
    private Uni<Void> applyInSpans(Tx tx, Consumption consumption, List<Polled.Readable> records) {
        var spans = new ArrayList<Span>();
        var traced = new ArrayList<Event>();
        if (records.size() > 1) {
            spans.add(batchSpan(consumption, records));
        }
        for (var record : records) {
            var span = span(consumption, record);
            spans.add(span);
            traced.add(record.event().within(traces.of(span)));
        }
        return traces.within(
                spans.getFirst(),
                Uni.createFrom()
                        .deferred(() -> consumption.effect().apply(tx, traced))
                        .onFailure()
                        .invoke(failure ->
                                spans.forEach(span -> span.setStatus(StatusCode.ERROR, FailureText.of(failure))))
                        .onTermination()
                        .invoke(() -> spans.forEach(Span::end)));
    }

    /** What several events have in common: one transaction, which belongs to no one's trace and leads to each. */
    private Span batchSpan(Consumption consumption, List<Polled.Readable> records) {
        var topic = records.getFirst().event().topic();
        var span = traces.startLinked(
                topic + " process batch",
                SpanKind.CONSUMER,
                TraceContext.NONE,
                records.stream().map(record -> record.event().trace()).toList());
        return processing(span, consumption, topic).setAttribute("messaging.batch.message_count", records.size());
    }

    private Span span(Consumption consumption, Polled.Readable record) {
        var event = record.event();
        var span = traces.start(event.topic() + " process", SpanKind.CONSUMER, event.trace());
        processing(span, consumption, event.topic())
                .setAttribute(
                        "messaging.destination.partition.id",
                        String.valueOf(record.source().partition()))
                .setAttribute("messaging.kafka.offset", record.source().offset())
                .setAttribute("carillon.event.id", event.id().toString())
                .setAttribute("carillon.event.type", event.type())
                .setAttribute("carillon.event.subject", event.subject());
        return SpanIds.ofEvent(span, event.tenant(), event.type(), event.subject(), event.key());
    }

    /** As OpenTelemetry's conventions for messaging have it. */
    private static Span processing(Span span, Consumption consumption, String topic) {
        return span.setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.destination.name", topic)
                .setAttribute("messaging.consumer.group.name", consumption.group())
                .setAttribute("messaging.operation.type", "process")
                .setAttribute("messaging.operation.name", "process");
    }

    /** Whether the inbox has no partition for an event's day: it was dropped, or not made, since that was looked up. */
    static boolean isDayMissing(Throwable failure) {
        return failure instanceof PgException refusal
                && REFUSED_ROW.equals(refusal.getSqlState())
                && "inbox".equals(refusal.getTable())
                && refusal.getConstraint() == null;
    }

    static <T> Uni<T> whileDatabaseIsAway(Uni<T> work) {
        return work.onFailure(Outages::isOutage)
                .invoke(outage -> LOG.warnf("The database is away, the batch waits: %s", outage.getMessage()))
                .onFailure(Outages::isOutage)
                .retry()
                .withBackOff(FIRST_WAIT, LONGEST_WAIT)
                .indefinitely();
    }
}

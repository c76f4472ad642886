package dev.carillon.kit.outbox;

import dev.carillon.kit.event.EventFields;
import dev.carillon.kit.event.OutgoingEvent;
import dev.carillon.kit.event.OutgoingEvent.Urgency;
import dev.carillon.kit.telemetry.LogCategory;
import dev.carillon.kit.tx.Columns;
import dev.carillon.kit.tx.Tx;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.sqlclient.Tuple;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32;

/**
 * Appends events to the outbox on the caller's own connection and transaction.
 *
 * <p>The order of one key's events is the order of their appends, provided that the writer has locked (or version-checked, or just created) the
 * aggregate before it appends. That is for the caller to do: nothing here checks it.
 */
@ApplicationScoped
public class Outbox {
    private static final int LANES = 64;
    // Kafka refuses records over max.request.size (1 MiB by default); said here, the caller's transaction fails instead
    // of its event parking.
    static final int LARGEST_PAYLOAD = 1_000_000;

    private static final String APPEND = """
            INSERT INTO outbox_event (lane, event_id, topic, record_key, type, source, subject, tenant, version, occurred_at,
                                      traceparent, tracestate, payload)
            SELECT * FROM unnest($1::smallint[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                                 $9::bigint[], $10::timestamptz[], $11::text[], $12::text[], $13::bytea[])
            """;

    private final OutboxHint hint;
    private final MeterRegistry meters;
    private final Map<String, Counter> appended = new ConcurrentHashMap<>();

    public Outbox(OutboxHint hint, MeterRegistry meters) {
        this.hint = hint;
        this.meters = meters;
    }

    /** Appends in the order given. */
    public Uni<Void> append(Tx tx, List<OutgoingEvent> events) {
        if (events.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        events.forEach(Outbox::refuseOversize);
        var urgency = events.stream().map(OutgoingEvent::urgency).anyMatch(Urgency.PROMPT::equals)
                ? Urgency.PROMPT
                : Urgency.CAN_WAIT;
        tx.afterCommit(() -> hint.appended(urgency));
        tx.afterCommit(() -> events.forEach(this::committed));
        return tx.run(APPEND, columns(events)).replaceWithVoid();
    }

    public Uni<Void> append(Tx tx, OutgoingEvent event) {
        return append(tx, List.of(event));
    }

    /**
     * Tells of these types from now on, of each as 0 until there is an event of it. A counter that comes with its first event has never been lower: to who asks
     * for its increase, that event did not happen. Other types are counted from their first event on.
     */
    public void countFromNow(Collection<String> types) {
        types.forEach(type -> appended.computeIfAbsent(type, this::counter));
    }

    /** What is said to have happened is what happened: so many ended, were held, were booked. */
    private void committed(OutgoingEvent event) {
        appended.computeIfAbsent(event.type(), this::counter).increment();
        var category = category(event.type());
        if (category.isDebug()) {
            EventFields.add(category.debug(), event).say("%s of %s", event.type(), event.subject());
        }
    }

    private static LogCategory category(String type) {
        if (type.startsWith("carillon.message.")) {
            return LogCategory.MESSAGES;
        }
        return type.startsWith("carillon.booking.") ? LogCategory.BOOKINGS : LogCategory.EVENTS;
    }

    private Counter counter(String type) {
        return Counter.builder("carillon.outbox.appended")
                .description("Events whose transaction has committed")
                .tag("type", type)
                .register(meters);
    }

    static short lane(String key) {
        var hash = new CRC32();
        hash.update(key.getBytes(StandardCharsets.UTF_8));
        return (short) (hash.getValue() % LANES);
    }

    private static void refuseOversize(OutgoingEvent event) {
        if (event.payload().length > LARGEST_PAYLOAD) {
            throw new IllegalArgumentException("Event %s of type %s has %d bytes; at most %d can be published"
                    .formatted(event.id(), event.type(), event.payload().length, LARGEST_PAYLOAD));
        }
    }

    private static Tuple columns(List<OutgoingEvent> events) {
        return Columns.of(events)
                .shorts(event -> lane(event.key()))
                .uuids(OutgoingEvent::id)
                .texts(OutgoingEvent::topic)
                .texts(OutgoingEvent::key)
                .texts(OutgoingEvent::type)
                .texts(OutgoingEvent::source)
                .texts(OutgoingEvent::subject)
                .texts(OutgoingEvent::tenant)
                .longs(OutgoingEvent::version)
                .instants(OutgoingEvent::occurredAt)
                .texts(event -> event.trace().traceparent())
                .texts(event -> event.trace().tracestate())
                .bytes(OutgoingEvent::payload)
                .tuple();
    }
}

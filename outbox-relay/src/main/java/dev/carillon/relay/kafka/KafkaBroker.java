package dev.carillon.relay.kafka;

import dev.carillon.kit.telemetry.SpanIds;
import dev.carillon.kit.telemetry.TraceContext;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.relay.Broker;
import dev.carillon.relay.OutboxEvent;
import dev.carillon.relay.Publication;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One source's producer. A failed one is replaced. */
public final class KafkaBroker implements Broker, AutoCloseable {
    private static final Logger LOG = Logger.getLogger(KafkaBroker.class);
    private static final TraceContext NO_TRACE = TraceContext.NONE;

    private final Map<String, Object> settings;
    private final Topics topics;
    private final Traces traces;
    private @Nullable Producer<byte[], byte[]> producer;
    private boolean closed;

    public KafkaBroker(Map<String, Object> settings, Topics topics, Traces traces) {
        this.settings = Map.copyOf(settings);
        this.topics = topics;
        this.traces = traces;
    }

    @Override
    public CompletionStage<Publication> publish(OutboxEvent event) {
        var answer = new CompletableFuture<Publication>();
        @Nullable Span span = event.traceparent() == null ? null : span(event);
        try {
            Producer<byte[], byte[]> current = producer();
            var unused = current.send(
                    CloudEventRecords.record(event, span == null ? NO_TRACE : traces.of(span)),
                    (metadata, failure) -> settle(current, span, failure, answer));
        } catch (RuntimeException failure) {
            settle(null, span, failure, answer);
        }
        return answer;
    }

    /** OpenTelemetry semantic conventions for messaging, and for CloudEvents. */
    private Span span(OutboxEvent event) {
        var span = traces.start(
                        event.topic() + " publish",
                        SpanKind.PRODUCER,
                        new TraceContext(event.traceparent(), event.tracestate()))
                .setAttribute("messaging.system", "kafka")
                .setAttribute("messaging.destination.name", event.topic())
                .setAttribute("messaging.operation.type", "send")
                .setAttribute("messaging.operation.name", "publish")
                .setAttribute("cloudevents.event_id", event.id().toString())
                .setAttribute("cloudevents.event_type", event.type())
                .setAttribute("cloudevents.event_source", event.source());
        return SpanIds.ofEvent(span, event.tenant(), event.type(), event.subject(), event.key());
    }

    private void settle(
            @Nullable Producer<byte[], byte[]> used,
            @Nullable Span span,
            @Nullable Exception failure,
            CompletableFuture<Publication> answer) {
        if (span != null) {
            if (failure != null) {
                span.setStatus(StatusCode.ERROR, failure.getClass().getSimpleName());
            }
            span.end();
        }
        if (failure != null && Verdicts.needsNewProducer(failure)) {
            replace(used, failure);
        }
        answer.complete(failure == null ? new Publication.Acknowledged() : Verdicts.of(failure));
    }

    private synchronized Producer<byte[], byte[]> producer() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
        if (producer == null) {
            producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        }
        return producer;
    }

    private synchronized void replace(@Nullable Producer<byte[], byte[]> used, Exception failure) {
        @Nullable Producer<byte[], byte[]> broken = producer;
        boolean isAnother = used != null && used != broken;
        if (closed || broken == null || isAnother) {
            return;
        }
        LOG.warnf("The Kafka producer is replaced after %s", failure.toString());
        producer = null;
        // On a thread of its own, since this one may be the producer's. Whatever it still has fails at once and is sent
        // again.
        Thread.startVirtualThread(() -> broken.close(Duration.ZERO));
    }

    @Override
    public @Nullable String obstacle(String topic) {
        return topics.obstacle(topic);
    }

    @Override
    public CompletionStage<Void> refreshTopics() {
        return topics.refresh();
    }

    @Override
    public void close() {
        @Nullable Producer<byte[], byte[]> last;
        synchronized (this) {
            closed = true;
            last = producer;
            producer = null;
        }
        if (last != null) {
            last.close(Duration.ZERO);
        }
    }
}

package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.attempt.AttemptResult;
import dev.carillon.delivery.attempt.AttemptResult.Outcome;
import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.messaging.MessageReading;
import dev.carillon.delivery.attempt.store.StoredDelivery;
import dev.carillon.delivery.channel.Channels;
import dev.carillon.delivery.channel.Outbound;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.timer.DueQueue;
import dev.carillon.kit.timer.Timers;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Makes the calls whose intent is committed, each at its instant by the database's clock. Before the socket is written to, it asks once more
 * whether this node still holds its lease: if not, the call is not made, and its deadline decides.
 */
@ApplicationScoped
public class ProviderCalls {
    private static final Logger LOG = Logger.getLogger(ProviderCalls.class);

    private final Vertx vertx;
    private final Channels channels;
    private final MessageReading messages;
    private final Traces traces;
    private final MeterRegistry metrics;
    private final Timer lateness;
    private final AtomicInteger open = new AtomicInteger();
    private @Nullable Timers timers;
    private @Nullable DueQueue<StoredDelivery> queue;
    private @Nullable BiConsumer<StoredDelivery, AttemptResult> whenDone;
    private @Nullable ContextInternal context;

    public ProviderCalls(
            Vertx vertx, Channels channels, MessageReading messages, Traces traces, MeterRegistry metrics) {
        this.vertx = vertx;
        this.channels = channels;
        this.messages = messages;
        this.traces = traces;
        this.metrics = metrics;
        this.lateness = Timer.builder("carillon.delivery.lateness")
                .description("From a message's due instant to the start of its first attempt")
                .publishPercentileHistogram()
                .register(metrics);
        metrics.gauge("carillon.delivery.calls.open", open);
    }

    void start(Timers lease, BiConsumer<StoredDelivery, AttemptResult> done) {
        timers = lease;
        whenDone = done;
        context = ((ContextInternal) vertx.getOrCreateContext()).unwrap();
        queue = new DueQueue<>("provider-calls", lease.clock(), 1_000, this::callAll);
        queue.start();
    }

    void close() {
        Objects.requireNonNull(queue).close();
    }

    /** How many calls are waiting for their instant or being made. */
    int open() {
        return open.get();
    }

    /** Calls at {@code attemptAt}; the delivery is in flight and its intent committed. */
    void make(StoredDelivery inFlight) {
        open.incrementAndGet();
        Objects.requireNonNull(queue).add(inFlight.delivery().attemptAt(), inFlight);
    }

    private void callAll(List<StoredDelivery> due) {
        due.forEach(one -> Objects.requireNonNull(context).duplicate().runOnContext(ignored -> call(one)));
    }

    private void call(StoredDelivery inFlight) {
        var delivery = inFlight.delivery();
        if (!Objects.requireNonNull(timers).holdsLease()) {
            LOG.warnf("The lease ended before delivery %s was called; its deadline decides", delivery.id());
            open.decrementAndGet();
            return;
        }
        var startedAt = Objects.requireNonNull(timers).clock().instant();
        long startedNanos = System.nanoTime();
        if (delivery.attempts() == 1) {
            lateness.record(Duration.between(delivery.dueAt(), startedAt));
        }
        var span = span(inFlight);
        // The context is this call's own, so that everything the call does belongs to its span until it is done.
        var scope = traces.enter(span);
        send(inFlight).whenComplete((answer, bug) -> {
            scope.close();
            done(
                    inFlight,
                    span,
                    result(delivery, startedAt, Duration.ofNanos(System.nanoTime() - startedNanos), span, answer, bug));
        });
    }

    private CompletionStage<ProviderAnswer> send(StoredDelivery inFlight) {
        try {
            var delivery = inFlight.delivery();
            var destination = messages.destination(inFlight.destination());
            var channel = channels.reaching(destination);
            return channel.send(new Outbound(
                    delivery.messageId(),
                    delivery.generation(),
                    delivery.tenant(),
                    delivery.id(),
                    delivery.attempts(),
                    destination,
                    messages.content(inFlight.content()),
                    channel.timeout()));
        } catch (RuntimeException bug) {
            return CompletableFuture.failedFuture(bug);
        }
    }

    private Span span(StoredDelivery inFlight) {
        var delivery = inFlight.delivery();
        return traces.start("deliver " + delivery.channel(), SpanKind.INTERNAL, inFlight.trace())
                .setAttribute("carillon.message.id", delivery.messageId().toString())
                .setAttribute("carillon.delivery.id", delivery.id().toString())
                .setAttribute("carillon.tenant", delivery.tenant())
                .setAttribute("carillon.attempt", delivery.attempts());
    }

    private void done(StoredDelivery inFlight, Span span, AttemptResult result) {
        var outcome = result.outcome().wireName();
        span.setAttribute("carillon.attempt.outcome", outcome);
        if (result.outcome() != Outcome.DELIVERED) {
            span.setStatus(StatusCode.ERROR, result.reason() == null ? outcome : result.reason());
        }
        metrics.counter(
                        "carillon.delivery.attempts",
                        "channel",
                        inFlight.delivery().channel(),
                        "outcome",
                        outcome)
                .increment();
        var trace = traces.of(span);
        span.end();
        Objects.requireNonNull(whenDone)
                .accept(
                        new StoredDelivery(inFlight.delivery(), inFlight.destination(), inFlight.content(), trace),
                        result);
        open.decrementAndGet();
    }

    private static AttemptResult result(
            Delivery delivery,
            Instant startedAt,
            Duration duration,
            Span span,
            @Nullable ProviderAnswer answer,
            @Nullable Throwable bug) {
        var traceId = span.getSpanContext().isValid() ? span.getSpanContext().getTraceId() : null;
        return switch (answer) {
            case ProviderAnswer.Delivered delivered ->
                new AttemptResult(
                        delivery.id(),
                        delivery.attempts(),
                        startedAt,
                        duration,
                        Outcome.DELIVERED,
                        null,
                        delivered.providerStatus(),
                        null,
                        delivered.responseExcerpt(),
                        null,
                        false,
                        traceId);
            case ProviderAnswer.Transient failed ->
                new AttemptResult(
                        delivery.id(),
                        delivery.attempts(),
                        startedAt,
                        duration,
                        Outcome.TRANSIENT,
                        failed.reason().slug(),
                        failed.providerStatus(),
                        failed.error(),
                        failed.responseExcerpt(),
                        failed.retryAfter(),
                        failed.possiblyDelivered(),
                        traceId);
            case ProviderAnswer.Permanent refused ->
                new AttemptResult(
                        delivery.id(),
                        delivery.attempts(),
                        startedAt,
                        duration,
                        Outcome.PERMANENT,
                        refused.reason().slug(),
                        refused.providerStatus(),
                        refused.error(),
                        refused.responseExcerpt(),
                        null,
                        false,
                        traceId);
            case null -> {
                LOG.errorf(bug, "A channel failed by a bug; delivery %s is tried again", delivery.id());
                yield new AttemptResult(
                        delivery.id(),
                        delivery.attempts(),
                        startedAt,
                        duration,
                        Outcome.TRANSIENT,
                        "internal-error",
                        null,
                        "The channel failed here; see the log of this trace",
                        null,
                        null,
                        false,
                        traceId);
            }
        };
    }
}

package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.ContainmentSettings;
import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.messaging.MessageReading;
import dev.carillon.delivery.attempt.store.Consignment;
import dev.carillon.delivery.channel.Channels;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.Outbound;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.containment.Permit;
import dev.carillon.delivery.containment.ResolverPauses;
import dev.carillon.kit.telemetry.SpanIds;
import dev.carillon.kit.telemetry.Traces;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Makes the calls whose intent is committed, each at its instant by the database's clock. Before the socket is written to, it asks once more
 * whether this node still may: a call is not made without the lease, nor when it could not end before its deadline, nor for a message that has expired; the intent is withdrawn then, and
 * the attempt begins anew, or the delivery expires. {@link CallQueue} has those that wait, {@link CallCompletion} says what follows a call.
 */
@ApplicationScoped
public class ProviderCalls {
    /** Whom calls of a tenant share connections to; see {@link dev.carillon.delivery.channel.Channel#receiver}. */
    private record Receiver(String tenant, String channel, Object receiver) {}

    private final AttemptTimers timers;
    private final UncalledIntents uncalled;
    private final RecordResults results;
    private final Channels channels;
    private final MessageReading messages;
    private final Traces traces;
    private final CallCompletion completion;
    private final ContextInternal context;
    private final CallQueue queue;

    public ProviderCalls(
            Vertx vertx,
            AttemptTimers timers,
            UncalledIntents uncalled,
            RecordResults results,
            Channels channels,
            MessageReading messages,
            Traces traces,
            ContainmentSettings containment,
            MeterRegistry metrics) {
        this.timers = timers;
        this.uncalled = uncalled;
        this.results = results;
        this.channels = channels;
        this.messages = messages;
        this.traces = traces;
        var pause = containment.resolverPause();
        var pauses = new ResolverPauses(pause.first(), pause.longest(), timers.clock(), ProviderCalls::random);
        this.completion = new CallCompletion(results, pauses, traces, metrics);
        this.context = ((ContextInternal) vertx.getOrCreateContext()).unwrap();
        this.queue = new CallQueue(timers.clock(), this::onOwnContext, this::call, this::withdraw);
        metrics.gauge("carillon.delivery.calls.open", queue, CallQueue::open);
    }

    private static double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    private void onOwnContext(Runnable work) {
        context.duplicate().runOnContext(ignored -> work.run());
    }

    void start() {
        queue.start();
    }

    void close() {
        queue.close();
    }

    /** How many calls are waiting for their instant or being made. */
    int open() {
        return queue.open();
    }

    /**
     * Calls at {@code attemptAt}, and makes ready what that needs until then; the delivery is in flight and its intent committed.
     *
     * @param before what the delivery was before its intent
     */
    void make(Consignment inFlight, @Nullable Destination destination, DeliveryStatus before, Permit permit) {
        var delivery = inFlight.delivery();
        var call = new PendingCall(
                inFlight,
                destination,
                before,
                permit,
                timers.timeout(delivery),
                receiver(delivery, destination),
                connections(destination));
        uncalled.add(delivery, before);
        queue.add(call);
        if (destination != null && timers.now().isBefore(delivery.attemptAt())) {
            onOwnContext(() -> channels.reaching(destination).prepare(delivery.tenant(), destination));
        }
    }

    private Object receiver(Delivery delivery, @Nullable Destination destination) {
        return destination == null
                ? delivery.id()
                : new Receiver(
                        delivery.tenant(),
                        destination.channel(),
                        channels.reaching(destination).receiver(destination));
    }

    private int connections(@Nullable Destination destination) {
        return destination == null ? 1 : channels.reaching(destination).connections();
    }

    /** It has expired before its turn has come. */
    private void withdraw(PendingCall waiting) {
        if (uncalled.take(waiting.delivery()).isPresent()) {
            results.withdraw(waiting.inFlight().stored(), waiting.before());
        }
    }

    private CompletionStage<?> call(PendingCall call) {
        if (uncalled.take(call.delivery()).isEmpty()) {
            // It was found past its deadline or expired before, and withdrawn.
            return notCalled(call);
        }
        var startedAt = timers.now();
        var timeout = mayTake(call, startedAt);
        if (timeout.isEmpty()) {
            results.withdraw(call.inFlight().stored(), call.before());
            return notCalled(call);
        }
        return call(call, startedAt, timeout.get());
    }

    private static CompletionStage<?> notCalled(PendingCall call) {
        call.permit().unused();
        return CompletableFuture.completedStage(null);
    }

    private Optional<Duration> mayTake(PendingCall call, Instant now) {
        var delivery = call.delivery();
        return timers.holdsLease() && !delivery.isExpiredAt(now)
                ? delivery.timeLeft(call.timeout(), now)
                : Optional.empty();
    }

    private CompletionStage<?> call(PendingCall call, Instant startedAt, Duration timeout) {
        long startedNanos = System.nanoTime();
        call.permit().begins();
        var sendBefore = call.delivery().sendBefore(timeout, startedAt);
        boolean expires = sendBefore.compareTo(timeout) < 0;
        var begun = new CallCompletion.Begun(call, span(call.inFlight()), startedAt, startedNanos, expires);
        // The context is this call's own, so that everything the call does belongs to its span until it is done.
        var scope = traces.enter(begun.span());
        // Not whenComplete: a bug of the channel's has its result by then, and does not go on to the queue as another.
        return send(call, timeout, sendBefore).<@Nullable Void>handle((answer, bug) -> {
            scope.close();
            completion.completed(begun, answer, bug);
            return null;
        });
    }

    private CompletionStage<ProviderAnswer> send(PendingCall call, Duration timeout, Duration sendBefore) {
        try {
            var inFlight = call.inFlight();
            var delivery = inFlight.delivery();
            var known = call.destination();
            var destination = known == null ? messages.destination(inFlight.destination()) : known;
            return channels.reaching(destination)
                    .send(new Outbound(
                            delivery.messageId(),
                            delivery.generation(),
                            delivery.tenant(),
                            delivery.id(),
                            delivery.attempts(),
                            destination,
                            messages.content(inFlight.content()),
                            timeout,
                            sendBefore));
        } catch (RuntimeException bug) {
            return CompletableFuture.failedFuture(bug);
        }
    }

    private Span span(Consignment inFlight) {
        var delivery = inFlight.delivery();
        return traces.startLinked(
                        "deliver " + delivery.channel(), SpanKind.INTERNAL, inFlight.trace(), inFlight.causes())
                .setAttribute(SpanIds.MESSAGE, delivery.messageId().toString())
                .setAttribute(SpanIds.DELIVERY, delivery.id().toString())
                .setAttribute(SpanIds.TENANT, delivery.tenant())
                .setAttribute("carillon.attempt", delivery.attempts());
    }
}

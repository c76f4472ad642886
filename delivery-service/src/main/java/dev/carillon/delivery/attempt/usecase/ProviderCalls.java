package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.ContainmentSettings;
import dev.carillon.delivery.attempt.AttemptResult;
import dev.carillon.delivery.attempt.AttemptResult.Outcome;
import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.attempt.DeliveryStatus;
import dev.carillon.delivery.attempt.messaging.MessageReading;
import dev.carillon.delivery.attempt.store.Consignment;
import dev.carillon.delivery.channel.Channels;
import dev.carillon.delivery.channel.Destination;
import dev.carillon.delivery.channel.Outbound;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.containment.Permit;
import dev.carillon.delivery.containment.ResolverPauses;
import dev.carillon.delivery.endpoint.usecase.EndpointHealth;
import dev.carillon.kit.telemetry.LogCategory;
import dev.carillon.kit.telemetry.SpanIds;
import dev.carillon.kit.telemetry.Traces;
import dev.carillon.kit.timer.DueQueue;
import io.micrometer.core.instrument.Counter;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Makes the calls whose intent is committed, each at its instant by the database's clock. Before the socket is written to, it asks once more
 * whether this node still may: a call is not made without the lease, nor when it could not end before its deadline, nor for a message that has expired; the intent is withdrawn then, and
 * the attempt begins anew, or the delivery expires. So it is when the call waited for a connection for all of its time, since others had them all, or could not be sent before its message
 * expired, and, after a pause, when it waited for other names to be looked up, until that has been so again and again.
 */
@ApplicationScoped
public class ProviderCalls {
    private static final LogCategory LOG = LogCategory.of(ProviderCalls.class);
    private static final int LARGEST_BATCH = 1_000;

    /** The objective is on messages that are not later than this: docs/operating/metrics.md. */
    private static final Duration PROMISED_LATENESS = Duration.ofSeconds(1);

    /** By these collectors keep the traces of late messages, and who looks for one finds it: docs/operating/tracing.md. */
    private static final String LATENESS = "carillon.lateness.ms";

    private static final String LATE = "carillon.late";

    /** Whom calls of a tenant share connections to; see {@link Channel#receiver}. */
    private record Receiver(String tenant, String channel, Object receiver) {}

    /**
     * An attempt whose intent is committed, where it goes if that is readable, and the leave to call.
     *
     * @param receiver whose line it stands in
     */
    private record Begun(
            Consignment inFlight,
            @Nullable Destination destination,
            DeliveryStatus before,
            Permit permit,
            Object receiver) {
        /** Whether its message is as late as this attempt is: not a retry, and not one after it was held or redriven. */
        boolean isAtItsInstant() {
            return before == DeliveryStatus.PENDING;
        }

        /** The registered endpoint that is called, if one is. */
        EndpointHealth.@Nullable Called called() {
            if (destination instanceof Destination.WebhookEndpoint endpoint) {
                var target = endpoint.target();
                return target == null ? null : new EndpointHealth.Called(endpoint.id(), target.url());
            }
            return null;
        }
    }

    private final AttemptTimers timers;
    private final UncalledIntents uncalled;
    private final RecordResults results;
    private final Channels channels;
    private final MessageReading messages;
    private final Traces traces;
    private final MeterRegistry metrics;
    private final Timer lateness;
    private final ResolverPauses resolverPauses;
    private final AtomicInteger open = new AtomicInteger();
    private final ContextInternal context;
    private final DueQueue<Begun> queue;
    private final CallLines<Begun> lines = new CallLines<>();
    /** Those that wait in a line while their message expires. */
    private final DueQueue<Begun> expired;

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
        this.metrics = metrics;
        this.lateness = Timer.builder("carillon.delivery.lateness")
                .description("From a message's due instant to the start of the attempt that it was staged for")
                .publishPercentileHistogram()
                // What is promised is counted exactly, and not between two buckets.
                .serviceLevelObjectives(PROMISED_LATENESS)
                .register(metrics);
        var pause = containment.resolverPause();
        this.resolverPauses = new ResolverPauses(pause.first(), pause.longest(), timers.clock(), ProviderCalls::random);
        this.context = ((ContextInternal) vertx.getOrCreateContext()).unwrap();
        this.queue = new DueQueue<>("provider-calls", timers.clock(), LARGEST_BATCH, this::callAll);
        this.expired = new DueQueue<>(
                "expired-calls", timers.clock(), LARGEST_BATCH, waiting -> waiting.forEach(this::withdraw));
        metrics.gauge("carillon.delivery.calls.open", open);
    }

    private static double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    void start() {
        queue.start();
        expired.start();
    }

    void close() {
        queue.close();
        expired.close();
    }

    /** How many calls are waiting for their instant or being made. */
    int open() {
        return open.get();
    }

    /**
     * Calls at {@code attemptAt}, and makes ready what that needs until then; the delivery is in flight and its intent committed.
     *
     * @param before what the delivery was before its intent
     */
    void make(Consignment inFlight, @Nullable Destination destination, DeliveryStatus before, Permit permit) {
        open.incrementAndGet();
        uncalled.add(inFlight.delivery(), before);
        var delivery = inFlight.delivery();
        queue.add(
                delivery.attemptAt(),
                new Begun(inFlight, destination, before, permit, receiver(delivery, destination)));
        if (destination != null && timers.now().isBefore(delivery.attemptAt())) {
            prepare(delivery, destination);
        }
    }

    private void prepare(Delivery delivery, Destination destination) {
        context.duplicate()
                .runOnContext(ignored -> channels.reaching(destination).prepare(delivery.tenant(), destination));
    }

    private Object receiver(Delivery delivery, @Nullable Destination destination) {
        return destination == null
                ? delivery.id()
                : new Receiver(
                        delivery.tenant(),
                        destination.channel(),
                        channels.reaching(destination).receiver(destination));
    }

    private void callAll(List<Begun> due) {
        due.forEach(one -> {
            if (lines.begins(one.receiver, mostAtOnce(one), one)) {
                begin(one);
            } else {
                withdrawWhenExpired(one);
            }
        });
    }

    private int mostAtOnce(Begun one) {
        return one.destination == null ? 1 : channels.reaching(one.destination).connections();
    }

    private void begin(Begun one) {
        context.duplicate().runOnContext(ignored -> call(one));
    }

    /** If it still waits by then; whatever does not expire waits no longer than until those before it have ended, which they do in time. */
    private void withdrawWhenExpired(Begun waiting) {
        var delivery = waiting.inFlight.delivery();
        var expiresAt = delivery.expiresAt();
        if (expiresAt != null && expiresAt.isBefore(delivery.deadline(timers.timeout(delivery)))) {
            expired.add(expiresAt, waiting);
        }
    }

    private void withdraw(Begun waiting) {
        if (uncalled.take(waiting.inFlight.delivery()).isPresent()) {
            results.withdraw(waiting.inFlight.stored(), waiting.before);
        }
    }

    private void call(Begun begun) {
        var delivery = begun.inFlight.delivery();
        if (uncalled.take(delivery).isEmpty()) {
            // It was found past its deadline or expired before, and withdrawn.
            leave(begun);
            return;
        }
        var startedAt = timers.now();
        mayTake(delivery, startedAt).ifPresentOrElse(timeout -> call(begun, startedAt, timeout), () -> {
            results.withdraw(begun.inFlight.stored(), begun.before);
            leave(begun);
        });
    }

    private void leave(Begun begun) {
        begun.permit.unused();
        end(begun);
    }

    private void end(Begun begun) {
        open.decrementAndGet();
        lines.ended(begun.receiver).ifPresent(this::begin);
    }

    private Optional<Duration> mayTake(Delivery delivery, Instant now) {
        return timers.holdsLease() && !delivery.isExpiredAt(now)
                ? delivery.timeLeft(timers.timeout(delivery), now)
                : Optional.empty();
    }

    private void call(Begun begun, Instant startedAt, Duration timeout) {
        long startedNanos = System.nanoTime();
        begun.permit.begins();
        var sendBefore = begun.inFlight.delivery().sendBefore(timeout, startedAt);
        boolean expires = sendBefore.compareTo(timeout) < 0;
        var span = span(begun.inFlight);
        // The context is this call's own, so that everything the call does belongs to its span until it is done.
        var scope = traces.enter(span);
        send(begun, timeout, sendBefore).whenComplete((answer, bug) -> {
            scope.close();
            if (answer instanceof ProviderAnswer.Transient failed && withdraw(begun, span, failed, expires)) {
                return;
            }
            if (!isResolverBusy(answer)) {
                resolverPauses.called(begun.inFlight.id());
            }
            recordLateness(begun, span, startedAt);
            var took = Duration.ofNanos(System.nanoTime() - startedNanos);
            begun.permit.ended(answer, took);
            done(begun, span, result(begun.inFlight, made(begun, span, startedAt, took), answer, bug));
        });
    }

    private static AttemptResult.Call made(Begun begun, Span span, Instant startedAt, Duration took) {
        var delivery = begun.inFlight.delivery();
        var traced = span.getSpanContext();
        return new AttemptResult.Call(
                delivery.id(),
                delivery.attempts(),
                startedAt,
                took,
                traced.isValid() ? traced.getTraceId() : null,
                traced.isValid() ? traced.getSpanId() : null);
    }

    /** Once it is known that it is an attempt: one that is withdrawn begins anew, and counts then. */
    private void recordLateness(Begun begun, Span span, Instant startedAt) {
        if (begun.isAtItsInstant()) {
            var late = Duration.between(begun.inFlight.delivery().dueAt(), startedAt);
            // The clock may have been set back since it said that the instant had come. A timer takes no negative
            // amount, and leaves it out.
            var atLeastZero = late.isNegative() ? Duration.ZERO : late;
            lateness.record(atLeastZero);
            span.setAttribute(LATENESS, atLeastZero.toMillis());
            if (atLeastZero.compareTo(PROMISED_LATENESS) > 0) {
                span.setAttribute(LATE, true);
            }
        }
    }

    /**
     * If nobody was asked, unless names have been looked up before its own so often that this is an attempt. Returns whether it is withdrawn.
     *
     * @param expires whether it had less time to be sent than its own, since its message expires
     */
    private boolean withdraw(Begun begun, Span span, ProviderAnswer.Transient failed, boolean expires) {
        var delivery = begun.inFlight.delivery();
        if (!CallResults.nobodyWasAsked(failed, expires || begun.permit.hadToWait())) {
            return false;
        }
        if (isResolverBusy(failed)) {
            // It may have been told so at once.
            var pause = resolverPauses.next(delivery.id(), delivery.tenant());
            if (pause.isEmpty()) {
                return false;
            }
            results.withdraw(delivery, begun.before, pause.get());
        } else {
            results.withdraw(begun.inFlight.stored(), begun.before);
        }
        span.setStatus(StatusCode.ERROR, failed.reason().slug()).end();
        leave(begun);
        return true;
    }

    private static boolean isResolverBusy(@Nullable ProviderAnswer answer) {
        return answer instanceof ProviderAnswer.Transient failed && failed.reason() == Reason.RESOLVER_BUSY;
    }

    private CompletionStage<ProviderAnswer> send(Begun begun, Duration timeout, Duration sendBefore) {
        try {
            var inFlight = begun.inFlight;
            var delivery = inFlight.delivery();
            var destination =
                    begun.destination == null ? messages.destination(inFlight.destination()) : begun.destination;
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

    private static AttemptResult result(
            Consignment inFlight, AttemptResult.Call call, @Nullable ProviderAnswer answer, @Nullable Throwable bug) {
        if (answer != null) {
            return CallResults.of(call, answer);
        }
        var line = DeliveryLog.about(LOG.error(), inFlight.stored()).with("attempt", call.number());
        (bug == null ? line : line.because(bug))
                .say("A channel failed by a bug; delivery %s is tried again", call.deliveryId());
        return CallResults.ofBug(call);
    }

    private void done(Begun begun, Span span, AttemptResult result) {
        var delivery = begun.inFlight.delivery();
        var outcome = result.outcome().wireName();
        span.setAttribute("carillon.attempt.outcome", outcome);
        if (result.outcome() != Outcome.DELIVERED) {
            span.setStatus(StatusCode.ERROR, result.reason() == null ? outcome : result.reason());
        }
        count(delivery, outcome);
        results.record(new EndedCall(result, traces.of(span), begun.called()));
        span.end();
        end(begun);
    }

    private void count(Delivery delivery, String outcome) {
        var attempt = delivery.onRequest() ? "requested" : delivery.attempts() == 1 ? "first" : "retry";
        Counter.builder("carillon.delivery.attempts")
                .description("Attempts whose call has ended")
                .tags("channel", delivery.channel(), "attempt", attempt, "outcome", outcome)
                .register(metrics)
                .increment();
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

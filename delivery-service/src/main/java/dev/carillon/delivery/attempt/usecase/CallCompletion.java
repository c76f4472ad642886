package dev.carillon.delivery.attempt.usecase;

import dev.carillon.delivery.attempt.AttemptResult;
import dev.carillon.delivery.attempt.AttemptResult.Outcome;
import dev.carillon.delivery.attempt.Delivery;
import dev.carillon.delivery.channel.ProviderAnswer;
import dev.carillon.delivery.channel.Reason;
import dev.carillon.delivery.containment.ResolverPauses;
import dev.carillon.kit.telemetry.LogCategory;
import dev.carillon.kit.telemetry.Traces;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What follows the end of a call: the result of the attempt that it was; or, when nobody was asked for reasons that are ours, its intent is withdrawn, and the attempt
 * begins anew. So it is when the call waited for a connection for all of its time, since others had them all, or could not be sent before its message
 * expired, and, after a pause, when it waited for other names to be looked up, until that has been so again and again.
 */
final class CallCompletion {
    private static final LogCategory LOG = LogCategory.of(CallCompletion.class);

    /** The objective is on messages that are not later than this: docs/operating/metrics.md. */
    private static final Duration PROMISED_LATENESS = Duration.ofSeconds(1);

    /** By these collectors keep the traces of late messages, and who looks for one finds it: docs/operating/tracing.md. */
    private static final String LATENESS = "carillon.lateness.ms";

    private static final String LATE = "carillon.late";

    /**
     * A call that has begun.
     *
     * @param span its own
     * @param startedAt by the database's clock
     * @param startedNanos what {@link System#nanoTime} was then
     * @param expires whether it had less time to be sent than its own, since its message expires
     */
    record Begun(PendingCall call, Span span, Instant startedAt, long startedNanos, boolean expires) {
        Delivery delivery() {
            return call.delivery();
        }
    }

    private final RecordResults results;
    private final ResolverPauses resolverPauses;
    private final Traces traces;
    private final MeterRegistry metrics;
    private final Timer lateness;

    CallCompletion(RecordResults results, ResolverPauses resolverPauses, Traces traces, MeterRegistry metrics) {
        this.results = results;
        this.resolverPauses = resolverPauses;
        this.traces = traces;
        this.metrics = metrics;
        this.lateness = Timer.builder("carillon.delivery.lateness")
                .description("From a message's due instant to the start of the attempt that it was staged for")
                .publishPercentileHistogram()
                // What is promised is counted exactly, and not between two buckets.
                .serviceLevelObjectives(PROMISED_LATENESS)
                .register(metrics);
    }

    /**
     * Ends span and permit of a call that has ended.
     *
     * @param answer null for a bug of the channel's
     */
    void completed(Begun begun, @Nullable ProviderAnswer answer, @Nullable Throwable bug) {
        if (answer instanceof ProviderAnswer.Transient failed && withdraw(begun, failed)) {
            return;
        }
        var took = Duration.ofNanos(System.nanoTime() - begun.startedNanos);
        var result = result(begun, made(begun, took), answer, bug);
        // First of all: no bug in what only counts and tells makes it an attempt of unknown outcome.
        results.record(new EndedCall(result, traces.of(begun.span), begun.call.called()));
        try {
            begun.call.permit().ended(answer, took);
            if (!isResolverBusy(answer)) {
                resolverPauses.called(begun.delivery().id());
            }
            recordLateness(begun);
            count(begun.delivery(), result.outcome());
        } finally {
            end(begun.span, result);
        }
    }

    /** If nobody was asked, unless names have been looked up before its own so often that this is an attempt. Returns whether it is withdrawn. */
    private boolean withdraw(Begun begun, ProviderAnswer.Transient failed) {
        var call = begun.call;
        if (!CallResults.nobodyWasAsked(failed, begun.expires || call.permit().hadToWait())) {
            return false;
        }
        if (isResolverBusy(failed)) {
            var delivery = call.delivery();
            // It may have been told so at once.
            var pause = resolverPauses.next(delivery.id(), delivery.tenant());
            if (pause.isEmpty()) {
                return false;
            }
            results.withdraw(delivery, call.before(), pause.get());
        } else {
            results.withdraw(call.inFlight().stored(), call.before());
        }
        begun.span.setStatus(StatusCode.ERROR, failed.reason().slug()).end();
        call.permit().unused();
        return true;
    }

    private static boolean isResolverBusy(@Nullable ProviderAnswer answer) {
        return answer instanceof ProviderAnswer.Transient failed && failed.reason() == Reason.RESOLVER_BUSY;
    }

    /** Once it is known that it is an attempt: one that is withdrawn begins anew, and counts then. */
    private void recordLateness(Begun begun) {
        if (begun.call.isAtItsInstant()) {
            var late = Duration.between(begun.delivery().dueAt(), begun.startedAt);
            // The clock may have been set back since it said that the instant had come. A timer takes no negative
            // amount, and leaves it out.
            var atLeastZero = late.isNegative() ? Duration.ZERO : late;
            lateness.record(atLeastZero);
            begun.span.setAttribute(LATENESS, atLeastZero.toMillis());
            if (atLeastZero.compareTo(PROMISED_LATENESS) > 0) {
                begun.span.setAttribute(LATE, true);
            }
        }
    }

    private static AttemptResult.Call made(Begun begun, Duration took) {
        var delivery = begun.delivery();
        var traced = begun.span.getSpanContext();
        return new AttemptResult.Call(
                delivery.id(),
                delivery.attempts(),
                begun.startedAt,
                took,
                traced.isValid() ? traced.getTraceId() : null,
                traced.isValid() ? traced.getSpanId() : null);
    }

    private static AttemptResult result(
            Begun begun, AttemptResult.Call call, @Nullable ProviderAnswer answer, @Nullable Throwable bug) {
        if (answer != null) {
            return CallResults.of(call, answer);
        }
        var line =
                DeliveryLog.about(LOG.error(), begun.call.inFlight().stored()).with("attempt", call.number());
        (bug == null ? line : line.because(bug))
                .say("A channel failed by a bug; delivery %s is tried again", call.deliveryId());
        return CallResults.ofBug(call);
    }

    private void count(Delivery delivery, Outcome outcome) {
        var attempt = delivery.onRequest() ? "requested" : delivery.attempts() == 1 ? "first" : "retry";
        Counter.builder("carillon.delivery.attempts")
                .description("Attempts whose call has ended")
                .tags("channel", delivery.channel(), "attempt", attempt, "outcome", outcome.wireName())
                .register(metrics)
                .increment();
    }

    private static void end(Span span, AttemptResult result) {
        var outcome = result.outcome().wireName();
        span.setAttribute("carillon.attempt.outcome", outcome);
        if (result.outcome() != Outcome.DELIVERED) {
            span.setStatus(StatusCode.ERROR, result.reason() == null ? outcome : result.reason());
        }
        span.end();
    }
}

package dev.carillon.kit.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Samples everything but statements that are part of nothing: those of timers, polls and leases would each be a trace of one span, and outnumber all others.
 * Nothing else is left out here, whatever a caller's {@code traceparent} says of sampling: only when a trace is over is it known whether something in it failed
 * or was late, so who collects the spans decides (docs/operating/tracing.md).
 */
@Singleton
public class StatementsInTraces implements Sampler {
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("db.system.name");
    private static final AttributeKey<String> FORMER_SYSTEM = AttributeKey.stringKey("db.system");
    private static final Sampler OTHERS = Sampler.parentBasedBuilder(Sampler.alwaysOn())
            .setRemoteParentNotSampled(Sampler.alwaysOn())
            .build();

    @Override
    public SamplingResult shouldSample(
            Context parent, String traceId, String name, SpanKind kind, Attributes attributes, List<LinkData> links) {
        return kind == SpanKind.CLIENT && isStatement(attributes) && !isPartOfATrace(parent)
                ? SamplingResult.drop()
                : OTHERS.shouldSample(parent, traceId, name, kind, attributes, links);
    }

    private static boolean isStatement(Attributes attributes) {
        return attributes.get(SYSTEM) != null || attributes.get(FORMER_SYSTEM) != null;
    }

    private static boolean isPartOfATrace(Context parent) {
        return Span.fromContext(parent).getSpanContext().isValid();
    }

    @Override
    public String getDescription() {
        return "StatementsInTraces";
    }
}

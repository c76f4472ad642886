package dev.carillon.kit.telemetry;

import org.jspecify.annotations.Nullable;

/** W3C trace context as it is kept in rows and records. */
public record TraceContext(
        @Nullable String traceparent, @Nullable String tracestate) {
    public static final TraceContext NONE = new TraceContext(null, null);

    /**
     * Of a span of which only the ids are kept, to be linked to; {@link #NONE} without them. It was sampled: whatever has such ids is ({@link StatementsInTraces}).
     */
    public static TraceContext of(@Nullable String traceId, @Nullable String spanId) {
        return traceId == null || spanId == null
                ? NONE
                : new TraceContext("00-%s-%s-01".formatted(traceId, spanId), null);
    }

    /** The trace id, 32 hex digits; null without a context. */
    public @Nullable String traceId() {
        return traceparent == null || traceparent.length() < 35 ? null : traceparent.substring(3, 35);
    }
}

package dev.carillon.kit.telemetry;

import org.jspecify.annotations.Nullable;

/** W3C trace context as it is kept in rows and records. */
public record TraceContext(
        @Nullable String traceparent, @Nullable String tracestate) {
    public static final TraceContext NONE = new TraceContext(null, null);

    /** The trace id, 32 hex digits; null without a context. */
    public @Nullable String traceId() {
        return traceparent == null || traceparent.length() < 35 ? null : traceparent.substring(3, 35);
    }
}

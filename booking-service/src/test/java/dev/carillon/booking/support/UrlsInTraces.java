package dev.carillon.booking.support;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The spans of requests about a customer, whole, as they would be exported. */
@ApplicationScoped
public class UrlsInTraces implements SpanProcessor {
    private final Map<String, String> spans = new ConcurrentHashMap<>();

    /** The one of this trace; null while it has not ended. */
    public @Nullable String of(String traceId) {
        return spans.get(traceId);
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        if (isAboutACustomer(span)) {
            spans.put(span.getSpanContext().getTraceId(), span.toSpanData().toString());
        }
    }

    private static boolean isAboutACustomer(ReadableSpan span) {
        var path = span.getAttribute(AttributeKey.stringKey("url.path"));
        var query = span.getAttribute(AttributeKey.stringKey("url.query"));
        return path != null && path.contains("customers") || query != null && query.contains("customerId");
    }

    @Override
    public boolean isEndRequired() {
        return true;
    }
}

package dev.carillon.booking.reservation.http;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.regex.Pattern;

/** Keeps the ids of customers, who may be persons by them, out of the URLs in traces. */
@ApplicationScoped
public class CustomersOutOfTraces implements SpanProcessor {
    private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");
    private static final AttributeKey<String> QUERY = AttributeKey.stringKey("url.query");
    private static final Pattern IN_PATH = Pattern.compile("^(/v1/customers/)[^/]+");
    private static final Pattern IN_QUERY = Pattern.compile("((?:^|&)customerId=)[^&]*");

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
        redact(span, PATH, IN_PATH);
        redact(span, QUERY, IN_QUERY);
    }

    private static void redact(ReadWriteSpan span, AttributeKey<String> attribute, Pattern customer) {
        var text = span.getAttribute(attribute);
        if (text != null) {
            span.setAttribute(attribute, customer.matcher(text).replaceAll("$1REDACTED"));
        }
    }

    @Override
    public boolean isStartRequired() {
        return true;
    }

    @Override
    public void onEnd(ReadableSpan span) {}

    @Override
    public boolean isEndRequired() {
        return false;
    }
}

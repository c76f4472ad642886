package dev.carillon.kit.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.internal.ExtendedSpanProcessor;
import jakarta.inject.Singleton;

/**
 * Hides who made a request where libraries tell it only when its span ends; what they tell when it starts is for {@link StartedSpans}. A span that has ended can
 * not be changed, and the SDK asks just before it does by an interface that it may change yet.
 */
@Singleton
public class EndingSpans implements ExtendedSpanProcessor {
    private static final AttributeKey<String> PEER = AttributeKey.stringKey("network.peer.address");

    @Override
    public void onEnding(ReadWriteSpan span) {
        if (span.getKind() == SpanKind.SERVER && span.getAttribute(PEER) != null) {
            span.setAttribute(PEER, StartedSpans.HIDDEN);
        }
    }

    @Override
    public boolean isOnEndingRequired() {
        return true;
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {}

    @Override
    public boolean isEndRequired() {
        return false;
    }
}

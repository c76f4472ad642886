package dev.carillon.kit.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.telemetry.EndedSpans;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import org.junit.jupiter.api.Test;

class EndingSpansTest {
    private static final AttributeKey<String> PEER = AttributeKey.stringKey("network.peer.address");

    private final EndedSpans ended = new EndedSpans();
    private final Tracer tracer = SdkTracerProvider.builder()
            .addSpanProcessor(new EndingSpans())
            .addSpanProcessor(ended)
            .build()
            .get("test");

    @Test
    void who_made_a_request_is_hidden_also_where_it_is_told_at_its_end() {
        assertThat(peerOf(SpanKind.SERVER)).isEqualTo("REDACTED");
    }

    @Test
    void who_was_called_is_told() {
        assertThat(peerOf(SpanKind.CLIENT)).isEqualTo("192.0.2.7");
    }

    /** As instrumentations have it: attributes of the end are set just before it. */
    private String peerOf(SpanKind kind) {
        var span = tracer.spanBuilder("any").setNoParent().setSpanKind(kind).startSpan();
        span.setAttribute(PEER, "192.0.2.7");
        span.end();
        return String.valueOf(ended.spans.getLast().getAttributes().get(PEER));
    }
}

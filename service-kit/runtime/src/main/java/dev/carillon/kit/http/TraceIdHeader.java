package dev.carillon.kit.http;

import io.opentelemetry.api.trace.Span;
import jakarta.ws.rs.container.ContainerResponseContext;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Names the trace in every answer, so that a caller can find it in Jaeger. */
public class TraceIdHeader {
    public static final String NAME = "X-Trace-Id";

    @ServerResponseFilter
    void add(ContainerResponseContext answer) {
        var span = Span.current().getSpanContext();
        if (span.isValid()) {
            answer.getHeaders().putSingle(NAME, span.getTraceId());
        }
    }
}

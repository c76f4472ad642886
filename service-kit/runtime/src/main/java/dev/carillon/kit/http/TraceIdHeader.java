package dev.carillon.kit.http;

import io.opentelemetry.api.trace.Span;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Names the trace in every answer, so that a caller can find it in Jaeger. */
public class TraceIdHeader {
    public static final String NAME = "X-Trace-Id";

    @ServerResponseFilter
    void add(ContainerResponseContext answer) {
        current().ifPresent(trace -> answer.getHeaders().putSingle(NAME, trace));
    }

    /** The id of the trace that goes on now; empty without one. */
    static Optional<String> current() {
        var span = Span.current().getSpanContext();
        return span.isValid() ? Optional.of(span.getTraceId()) : Optional.empty();
    }
}

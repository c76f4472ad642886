package dev.carillon.kit.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.core.impl.ContextInternal;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Captures, restores and continues W3C trace contexts. */
@ApplicationScoped
public class Traces {
    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final TextMapGetter<TraceContext> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(TraceContext carrier) {
            return List.of("traceparent", "tracestate");
        }

        @Override
        public @Nullable String get(@Nullable TraceContext carrier, String key) {
            return carrier == null ? null : "traceparent".equals(key) ? carrier.traceparent() : carrier.tracestate();
        }
    };

    private final Tracer tracer;

    public Traces(OpenTelemetry openTelemetry) {
        this.tracer = openTelemetry.getTracer("dev.carillon");
    }

    /** The context of whatever runs now. */
    public TraceContext current() {
        return of(Context.current());
    }

    /** What goes into a row or a record so that the receiver becomes a child of {@code span}. */
    public TraceContext of(Span span) {
        return of(Context.root().with(span));
    }

    private static TraceContext of(Context context) {
        Map<String, String> carrier = new HashMap<>();
        W3C.inject(context, carrier, (map, key, value) -> Objects.requireNonNull(map)
                .put(key, value));
        return new TraceContext(carrier.get("traceparent"), carrier.get("tracestate"));
    }

    /** Starts a span that continues {@code parent}, or a new trace when there is none. The caller ends it. */
    public Span start(String name, SpanKind kind, TraceContext parent) {
        return tracer.spanBuilder(name)
                .setSpanKind(kind)
                .setParent(W3C.extract(Context.root(), parent, GETTER))
                .startSpan();
    }

    /**
     * Starts a span that comes of several traces, or that another trace has caused: it has a link to each of them, as far as there are any. It continues
     * {@code parent}, or is a trace of its own when there is none. The caller ends it.
     */
    public Span startLinked(String name, SpanKind kind, TraceContext parent, Collection<TraceContext> links) {
        var span = tracer.spanBuilder(name).setSpanKind(kind).setParent(W3C.extract(Context.root(), parent, GETTER));
        for (var link : links) {
            var linked = read(link);
            if (linked.isValid()) {
                span.addLink(linked);
            }
        }
        return span.startSpan();
    }

    /** Lets whoever looks at {@code span} find what it is about in the trace of that. */
    public void link(Span span, TraceContext other) {
        var linked = read(other);
        if (linked.isValid()) {
            span.addLink(linked);
        }
    }

    private static SpanContext read(TraceContext context) {
        return Span.fromContext(W3C.extract(Context.root(), context, GETTER)).getSpanContext();
    }

    /** Starts a span under {@code parent}. The caller ends it. */
    public Span start(String name, SpanKind kind, Span parent) {
        return tracer.spanBuilder(name)
                .setSpanKind(kind)
                .setParent(Context.root().with(parent))
                .startSpan();
    }

    /** Makes {@code span} the active one of the current duplicated Vert.x context (or thread), until the scope is closed there. */
    @SuppressWarnings("MustBeClosedChecker") // closed when what it covers ends, which is later than this call
    public Scope enter(Span span) {
        return Context.current().with(span).makeCurrent();
    }

    /**
     * {@code work}, whose statements and calls are part of {@code span} until it has ended; the caller ends the span. Only on a duplicated Vert.x context: others are
     * shared, and there it runs as it is. One such context has one piece of such work at a time, and none within another.
     */
    public <T> Uni<T> within(Span span, Uni<T> work) {
        return within(Context.root().with(span), work);
    }

    /** The same for what continues {@code trace}; without one it runs as it is. */
    public <T> Uni<T> within(TraceContext trace, Uni<T> work) {
        return trace.traceparent() == null ? work : within(W3C.extract(Context.root(), trace, GETTER), work);
    }

    // Left by what was put together before it is entered: what was put together within would enter it again.
    @SuppressWarnings("MustBeClosedChecker") // closed when the work ends, which is later than this call
    private static <T> Uni<T> within(Context active, Uni<T> work) {
        var scope = new AtomicReference<>(Scope.noop());
        return Uni.createFrom()
                .deferred(() -> {
                    if (Vertx.currentContext() instanceof ContextInternal own && own.isDuplicate()) {
                        scope.set(active.makeCurrent());
                    }
                    return work;
                })
                .onTermination()
                .invoke(() -> scope.get().close());
    }
}

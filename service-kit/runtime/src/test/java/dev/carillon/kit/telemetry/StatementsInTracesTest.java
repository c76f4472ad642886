package dev.carillon.kit.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.carillon.kit.testing.telemetry.EndedSpans;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import org.junit.jupiter.api.Test;

class StatementsInTracesTest {
    private final EndedSpans ended = new EndedSpans();
    private final Tracer tracer = SdkTracerProvider.builder()
            .setSampler(new StatementsInTraces())
            .addSpanProcessor(ended)
            .build()
            .get("test");

    @Test
    void a_statement_is_left_out_unless_it_is_part_of_a_trace() {
        for (var system : List.of("db.system.name", "db.system")) {
            run("of nobody", SpanKind.CLIENT, system, Context.root());
            var request = tracer.spanBuilder("request").setNoParent().startSpan();
            run("of a request", SpanKind.CLIENT, system, Context.root().with(request));
        }
        assertThat(ended.spans).extracting(SpanData::getName).containsExactly("of a request", "of a request");
    }

    @Test
    void whatever_else_begins_a_trace_is_in_it() {
        run("a call", SpanKind.CLIENT, "url.full", Context.root());
        run("a request", SpanKind.SERVER, "db.system", Context.root());
        assertThat(ended.spans).extracting(SpanData::getName).containsExactly("a call", "a request");
    }

    @Test
    void a_caller_who_does_not_keep_a_trace_does_not_keep_it_from_being_one() {
        var caller = SpanContext.createFromRemoteParent(
                "%032x".formatted(7), "%016x".formatted(8), TraceFlags.getDefault(), TraceState.getDefault());
        run("a request", SpanKind.SERVER, "url.path", Context.root().with(Span.wrap(caller)));
        assertThat(ended.spans).singleElement().satisfies(span -> {
            assertThat(span.getTraceId()).isEqualTo(caller.getTraceId());
            assertThat(span.getSpanContext().isSampled()).isTrue();
        });
    }

    private void run(String name, SpanKind kind, String attribute, Context parent) {
        tracer.spanBuilder(name)
                .setParent(parent)
                .setSpanKind(kind)
                .setAttribute(AttributeKey.stringKey(attribute), "any")
                .startSpan()
                .end();
    }
}

package dev.carillon.local.providers.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracesTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private final Path folder;

    TracesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void a_request_is_one_line_of_otlp_json_with_ids_in_hex() throws IOException {
        Traces.in(folder).accept(request(TRACE).toByteArray(), false);

        var lines = Files.readAllLines(folder.resolve("traces.jsonl"));
        assertThat(lines).hasSize(1);
        JsonObject span = new JsonObject(lines.getFirst())
                .getJsonArray("resourceSpans")
                .getJsonObject(0)
                .getJsonArray("scopeSpans")
                .getJsonObject(0)
                .getJsonArray("spans")
                .getJsonObject(0);
        assertThat(span.getString("traceId")).isEqualTo(TRACE);
        assertThat(span.getString("parentSpanId")).isEqualTo("b7ad6b7169203331");
        assertThat(span.getInteger("kind")).isEqualTo(3);
        assertThat(span.getString("startTimeUnixNano")).isEqualTo("1795770000123456789");
        assertThat(span.getJsonObject("status").getInteger("code")).isEqualTo(2);
        assertThat(span.getJsonArray("attributes")
                        .getJsonObject(0)
                        .getJsonObject("value")
                        .getString("intValue"))
                .isEqualTo("503");
    }

    @Test
    void a_trace_is_answered_for_people_to_read() throws IOException {
        var traces = Traces.in(folder);
        traces.accept(zipped(request(TRACE).toByteArray()), true);

        JsonObject span = traces.of(TRACE).getJsonArray("spans").getJsonObject(0);

        assertThat(span.getString("service")).isEqualTo("delivery");
        assertThat(span.getString("kind")).isEqualTo("client");
        assertThat(span.getString("status")).isEqualTo("error");
        assertThat(span.getString("start")).isEqualTo("2026-11-27T09:00:00.123456789Z");
        assertThat(span.getJsonObject("attributes").getLong("http.response.status_code"))
                .isEqualTo(503);
        assertThat(traces.of("f".repeat(32)).getJsonArray("spans")).isEmpty();
    }

    @Test
    void a_span_that_is_sent_again_is_there_once() {
        var traces = Traces.in(folder);
        traces.accept(request(TRACE).toByteArray(), false);
        traces.accept(request(TRACE).toByteArray(), false);
        assertThat(traces.of(TRACE).getJsonArray("spans")).hasSize(1);
    }

    @Test
    void the_oldest_trace_is_forgotten_first() {
        var traces = new Traces(new TraceFile(folder, TraceFile.FULL_AT_BYTES), 2);
        for (int i = 0; i < 3; i++) {
            traces.accept(request(String.format("%032x", i)).toByteArray(), false);
        }
        assertThat(traces.of(String.format("%032x", 0)).getJsonArray("spans")).isEmpty();
        assertThat(traces.of(String.format("%032x", 2)).getJsonArray("spans")).hasSize(1);
    }

    @Test
    void the_files_stay_within_their_bounds() throws IOException {
        var file = new TraceFile(folder, 100);
        for (int i = 0; i < 50; i++) {
            file.append("x".repeat(30));
        }
        assertThat(Files.size(folder.resolve("traces.jsonl"))).isLessThanOrEqualTo(100);
        assertThat(Files.size(folder.resolve("traces.1.jsonl"))).isLessThanOrEqualTo(100);
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void what_is_no_request_is_refused() {
        var traces = Traces.in(folder);
        assertThatThrownBy(() -> traces.accept(new byte[] {1, 2, 3}, false)).isInstanceOf(Traces.Unreadable.class);
        assertThatThrownBy(() -> traces.accept(new byte[] {1, 2, 3}, true)).isInstanceOf(Traces.Unreadable.class);
    }

    private static ExportTraceServiceRequest request(String traceId) {
        var span = Span.newBuilder()
                .setTraceId(bytes(traceId))
                .setSpanId(bytes("00f067aa0ba902b7"))
                .setParentSpanId(bytes("b7ad6b7169203331"))
                .setName("POST")
                .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
                .setStartTimeUnixNano(1_795_770_000_123_456_789L)
                .setEndTimeUnixNano(1_795_770_000_223_456_789L)
                .setStatus(Status.newBuilder().setCode(Status.StatusCode.STATUS_CODE_ERROR))
                .addAttributes(attribute(
                        "http.response.status_code", AnyValue.newBuilder().setIntValue(503)));
        return ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(ResourceSpans.newBuilder()
                        .setResource(Resource.newBuilder()
                                .addAttributes(attribute(
                                        "service.name", AnyValue.newBuilder().setStringValue("delivery"))))
                        .addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
                .build();
    }

    private static KeyValue attribute(String key, AnyValue.Builder value) {
        return KeyValue.newBuilder().setKey(key).setValue(value).build();
    }

    private static ByteString bytes(String hex) {
        return ByteString.copyFrom(HexFormat.of().parseHex(hex));
    }

    private static byte[] zipped(byte[] plain) throws IOException {
        var zipped = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(zipped)) {
            gzip.write(plain);
        }
        return zipped.toByteArray();
    }
}

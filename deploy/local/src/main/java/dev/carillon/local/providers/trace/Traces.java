package dev.carillon.local.providers.trace;

import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The last 10,000 spans by trace, oldest trace forgotten first; each once, for who gets no answer sends again. Safe for use by several threads. */
public final class Traces {

    private static final int KEPT = 10_000;
    private static final int LARGEST_REQUEST = 32 * 1024 * 1024;

    private final TraceFile file;
    private final int kept;
    private final SequencedMap<String, List<JsonObject>> spans = new LinkedHashMap<>();
    private int count;

    Traces(TraceFile file, int kept) {
        this.file = file;
        this.kept = kept;
    }

    public static Traces in(Path folder) {
        return new Traces(new TraceFile(folder, TraceFile.FULL_AT_BYTES), KEPT);
    }

    /**
     * Takes one {@code ExportTraceServiceRequest} and writes it to the file; may block.
     *
     * @throws Unreadable when it is none
     */
    public void accept(byte[] body, boolean gzip) {
        ExportTraceServiceRequest request = parse(gzip ? unzip(body) : body);
        file.append(OtlpJson.of(request).encode());
        for (ResourceSpans resource : request.getResourceSpansList()) {
            String service = serviceName(resource);
            resource.getScopeSpansList()
                    .forEach(scope -> scope.getSpansList().forEach(span -> remember(service, span)));
        }
    }

    /** {@code {"traceId","spans":[…]}} in order of their start; no spans when the trace is not known. */
    public synchronized JsonObject of(String traceId) {
        var ordered = new ArrayList<>(spans.getOrDefault(traceId.toLowerCase(Locale.ROOT), List.of()));
        ordered.sort(Comparator.comparing(span -> span.getString("start")));
        return new JsonObject().put("traceId", traceId).put("spans", new JsonArray(ordered));
    }

    private synchronized void remember(String service, Span span) {
        var known = spans.computeIfAbsent(OtlpJson.hex(span.getTraceId()), traceId -> new ArrayList<>());
        var view = view(service, span);
        if (known.stream().anyMatch(one -> one.getString("spanId").equals(view.getString("spanId")))) {
            return;
        }
        known.add(view);
        count++;
        while (count > kept && spans.size() > 1) {
            count -= spans.pollFirstEntry().getValue().size();
        }
    }

    private static JsonObject view(String service, Span span) {
        var attributes = new JsonObject();
        for (KeyValue attribute : span.getAttributesList()) {
            attributes.put(attribute.getKey(), OtlpJson.plain(attribute.getValue()));
        }
        var links = new JsonArray();
        span.getLinksList()
                .forEach(link -> links.add(new JsonObject()
                        .put("traceId", OtlpJson.hex(link.getTraceId()))
                        .put("spanId", OtlpJson.hex(link.getSpanId()))));
        return new JsonObject()
                .put("service", service)
                .put("name", span.getName())
                .put("kind", label(span.getKind().name(), "SPAN_KIND_"))
                .put("spanId", OtlpJson.hex(span.getSpanId()))
                .put("parentSpanId", OtlpJson.hex(span.getParentSpanId()))
                .put("start", instant(span.getStartTimeUnixNano()))
                .put("end", instant(span.getEndTimeUnixNano()))
                .put("status", label(span.getStatus().getCode().name(), "STATUS_CODE_"))
                .put("attributes", attributes)
                .put("links", links);
    }

    private static String label(String name, String prefix) {
        return name.replace(prefix, "").toLowerCase(Locale.ROOT);
    }

    private static String instant(long nanos) {
        Instant instant = Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000);
        return String.format(Locale.ROOT, "%s.%09dZ", instant.toString().substring(0, 19), instant.getNano());
    }

    private static String serviceName(ResourceSpans resource) {
        return resource.getResource().getAttributesList().stream()
                .filter(attribute -> attribute.getKey().equals("service.name"))
                .map(attribute -> attribute.getValue().getStringValue())
                .findFirst()
                .orElse("unknown");
    }

    private static ExportTraceServiceRequest parse(byte[] body) {
        try {
            return ExportTraceServiceRequest.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new Unreadable("no ExportTraceServiceRequest of OpenTelemetry", e);
        }
    }

    private static byte[] unzip(byte[] body) {
        try (var unzipped = new GZIPInputStream(new ByteArrayInputStream(body))) {
            byte[] plain = unzipped.readNBytes(LARGEST_REQUEST + 1);
            if (plain.length > LARGEST_REQUEST) {
                throw new Unreadable("larger than 32 MiB", null);
            }
            return plain;
        } catch (IOException e) {
            throw new Unreadable("the body is not compressed with gzip", e);
        }
    }

    /** The request is not what it says. */
    public static final class Unreadable extends RuntimeException {

        private static final long serialVersionUID = 1;

        Unreadable(String detail, @Nullable Throwable cause) {
            super(detail, cause);
        }
    }
}

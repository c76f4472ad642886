package dev.carillon.local.providers.trace;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;

/**
 * The JSON encoding of OTLP, which is Protobuf's with three exceptions: trace and span ids in hex, enums as numbers, names in
 * lowerCamelCase only. 64-bit numbers are strings.
 */
final class OtlpJson {

    private OtlpJson() {}

    static JsonObject of(ExportTraceServiceRequest request) {
        return new JsonObject().put("resourceSpans", each(request.getResourceSpansList(), OtlpJson::resourceSpans));
    }

    private static JsonObject resourceSpans(ResourceSpans spans) {
        var resource = new JsonObject()
                .put("attributes", attributes(spans.getResource().getAttributesList()));
        return withText(
                new JsonObject()
                        .put("resource", resource)
                        .put("scopeSpans", each(spans.getScopeSpansList(), OtlpJson::scopeSpans)),
                "schemaUrl",
                spans.getSchemaUrl());
    }

    private static JsonObject scopeSpans(ScopeSpans spans) {
        return withText(
                new JsonObject()
                        .put("scope", scope(spans.getScope()))
                        .put("spans", each(spans.getSpansList(), OtlpJson::span)),
                "schemaUrl",
                spans.getSchemaUrl());
    }

    private static JsonObject scope(InstrumentationScope scope) {
        return withText(new JsonObject().put("name", scope.getName()), "version", scope.getVersion());
    }

    private static JsonObject span(Span span) {
        var json = new JsonObject().put("traceId", hex(span.getTraceId())).put("spanId", hex(span.getSpanId()));
        withText(json, "traceState", span.getTraceState());
        withText(json, "parentSpanId", hex(span.getParentSpanId()));
        json.put("flags", span.getFlags())
                .put("name", span.getName())
                .put("kind", span.getKindValue())
                .put("startTimeUnixNano", Long.toUnsignedString(span.getStartTimeUnixNano()))
                .put("endTimeUnixNano", Long.toUnsignedString(span.getEndTimeUnixNano()))
                .put("attributes", attributes(span.getAttributesList()))
                .put("events", each(span.getEventsList(), OtlpJson::event))
                .put("links", each(span.getLinksList(), OtlpJson::link));
        var status = withText(new JsonObject(), "message", span.getStatus().getMessage());
        return json.put("status", status.put("code", span.getStatus().getCodeValue()));
    }

    private static JsonObject event(Span.Event event) {
        return new JsonObject()
                .put("timeUnixNano", Long.toUnsignedString(event.getTimeUnixNano()))
                .put("name", event.getName())
                .put("attributes", attributes(event.getAttributesList()));
    }

    private static JsonObject link(Span.Link link) {
        var json = new JsonObject().put("traceId", hex(link.getTraceId())).put("spanId", hex(link.getSpanId()));
        return withText(json, "traceState", link.getTraceState())
                .put("attributes", attributes(link.getAttributesList()));
    }

    static JsonArray attributes(List<KeyValue> attributes) {
        return each(
                attributes,
                attribute -> new JsonObject().put("key", attribute.getKey()).put("value", value(attribute.getValue())));
    }

    private static JsonObject value(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> new JsonObject().put("stringValue", value.getStringValue());
            case BOOL_VALUE -> new JsonObject().put("boolValue", value.getBoolValue());
            case INT_VALUE -> new JsonObject().put("intValue", Long.toString(value.getIntValue()));
            case DOUBLE_VALUE -> new JsonObject().put("doubleValue", value.getDoubleValue());
            case BYTES_VALUE ->
                new JsonObject()
                        .put(
                                "bytesValue",
                                Base64.getEncoder()
                                        .encodeToString(value.getBytesValue().toByteArray()));
            case ARRAY_VALUE ->
                new JsonObject()
                        .put(
                                "arrayValue",
                                new JsonObject()
                                        .put(
                                                "values",
                                                each(value.getArrayValue().getValuesList(), OtlpJson::value)));
            case KVLIST_VALUE ->
                new JsonObject()
                        .put(
                                "kvlistValue",
                                new JsonObject()
                                        .put(
                                                "values",
                                                attributes(
                                                        value.getKvlistValue().getValuesList())));
            case VALUE_NOT_SET -> new JsonObject();
            // A kind of value that a later version of the protocol may bring.
            default -> new JsonObject();
        };
    }

    /** An attribute's value as a reader wants it: a plain text, number, truth value or list of these. */
    static Object plain(AnyValue value) {
        return switch (value.getValueCase()) {
            case BOOL_VALUE -> value.getBoolValue();
            case INT_VALUE -> value.getIntValue();
            case DOUBLE_VALUE -> value.getDoubleValue();
            case STRING_VALUE -> value.getStringValue();
            case ARRAY_VALUE ->
                new JsonArray(value.getArrayValue().getValuesList().stream()
                        .map(OtlpJson::plain)
                        .toList());
            default -> value(value);
        };
    }

    static String hex(ByteString id) {
        return HexFormat.of().formatHex(id.toByteArray());
    }

    private static JsonObject withText(JsonObject json, String name, String value) {
        return value.isEmpty() ? json : json.put(name, value);
    }

    private static <T> JsonArray each(List<T> from, Function<T, JsonObject> to) {
        return new JsonArray(from.stream().map(to).toList());
    }
}

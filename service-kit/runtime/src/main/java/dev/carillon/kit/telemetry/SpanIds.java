package dev.carillon.kit.telemetry;

import io.opentelemetry.api.trace.Span;

/** The attributes by which spans are found. They hold ids of Carillon's own, which name no person. */
public final class SpanIds {
    public static final String TENANT = "carillon.tenant";
    public static final String MESSAGE = "carillon.message.id";
    public static final String DELIVERY = "carillon.delivery.id";
    public static final String BOOKING = "carillon.booking.id";

    private SpanIds() {}

    /** Of the span that is active, mostly a request's. */
    public static void onCurrent(String attribute, Object id) {
        Span.current().setAttribute(attribute, id.toString());
    }

    /**
     * Of a span in which an event is published or processed: its tenant, and what it is about. The record's key only where that is an id: a tenant's ordering
     * key may be anything, and has the tenant and a slash before it.
     */
    public static Span ofEvent(Span span, String tenant, String type, String subject, String key) {
        span.setAttribute(TENANT, tenant);
        if (key.indexOf('/') < 0) {
            span.setAttribute("messaging.kafka.message.key", key);
        }
        if (type.startsWith("carillon.message.")) {
            span.setAttribute(MESSAGE, subject);
        } else if (type.startsWith("carillon.delivery.")) {
            span.setAttribute(DELIVERY, subject).setAttribute(MESSAGE, key);
        } else if (type.startsWith("carillon.booking.")) {
            span.setAttribute(BOOKING, subject);
        }
        return span;
    }
}

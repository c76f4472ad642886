package dev.carillon.kit.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One line for each request that has ended, refused unread or answered, in {@link LogCategory#REQUESTS}: a warning when it failed by the service's fault,
 * {@code DEBUG} otherwise. A 503 is no such fault: what is shed comes by the thousand and is counted by metrics, and an outage is told by whoever finds it. The
 * path is its template, since what stands in the path itself may be somebody's address.
 */
@ApplicationScoped
public class RequestLog {
    /** The attribute of an identity that names its tenant. */
    public static final String TENANT = "carillon.tenant";

    /** Before all filters that refuse: what is no URL, what is too large, and what there is no room for. */
    private static final int BEFORE_ANY_REFUSAL = 1_200;

    private static final String RESET = "RESET";
    private static final int SHED = 503;

    public void register(@Observes Filters filters) {
        filters.register(RequestLog::follow, BEFORE_ANY_REFUSAL);
    }

    private static void follow(RoutingContext exchange) {
        var trace = Span.current().getSpanContext();
        long begunNanos = System.nanoTime();
        exchange.addEndHandler(ended -> tell(exchange, trace, begunNanos, ended.failed()));
        exchange.next();
    }

    /** @param gone whether its client has gone before it was answered */
    private static void tell(RoutingContext exchange, SpanContext trace, long begunNanos, boolean gone) {
        int status = exchange.response().getStatusCode();
        boolean failed = !gone && status >= 500 && status != SHED;
        if (failed || LogCategory.REQUESTS.isDebug()) {
            var line = failed ? LogCategory.REQUESTS.warn() : LogCategory.REQUESTS.debug();
            say(line, exchange, trace, gone ? RESET : Integer.toString(status), millisSince(begunNanos));
        }
    }

    private static void say(
            LogCategory.Line line, RoutingContext exchange, SpanContext trace, String status, long millis) {
        var request = exchange.request();
        var method = RequestLabels.method(request.method().name());
        var path = Objects.requireNonNullElse(PathTemplate.of(request), RequestLabels.NO_TEMPLATE);
        var caller = exchange.user() instanceof QuarkusHttpUser user ? user.getSecurityIdentity() : null;
        line.in(trace.isValid() ? trace.getTraceId() : null)
                .with("method", method)
                .with("path", path)
                .with("status", status)
                .with("durationMs", millis)
                .with("principal", kind(caller))
                .with("tenant", tenant(caller))
                .say("%s %s: %s in %d ms", method, path, status, millis);
    }

    private static long millisSince(long begunNanos) {
        return Duration.ofNanos(System.nanoTime() - begunNanos).toMillis();
    }

    /** Whom a token names may be known by an address. */
    private static String kind(@Nullable SecurityIdentity caller) {
        if (caller == null || caller.isAnonymous()) {
            return "nobody";
        }
        return caller.getPrincipal().getName().startsWith("api-key:") ? "api-key" : "token";
    }

    private static @Nullable Object tenant(@Nullable SecurityIdentity caller) {
        return caller == null ? null : caller.getAttribute(TENANT);
    }
}

package dev.carillon.kit.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.api.trace.Span;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Refuses, as a problem, what the HTTP server itself would refuse with an empty answer, or in the middle of a resource: a body that is too large, whether its
 * length is announced or not, and a URL that is none (RFC 3986), such as one with a {@code %} that begins no escape. What is no HTTP at all gets the server's bare 400.
 */
@ApplicationScoped
public class BodyLimit {
    private static final int BEFORE_THE_SERVERS_OWN = 1_000;
    // A client that sends on learns of the refusal when it has sent; one that never ends is cut off.
    private static final long MOST_DISCARDED = 8L << 20;

    private final ObjectMapper json;
    private final BodySizes sizes;

    BodyLimit(ObjectMapper json, BodySizes sizes) {
        this.json = json;
        this.sizes = sizes;
    }

    void register(@Observes Filters filters) {
        filters.register(this::judge, BEFORE_THE_SERVERS_OWN);
    }

    private void judge(RoutingContext context) {
        var request = context.request();
        if (!isUrl(request)) {
            refuse(request, malformedUrl());
            return;
        }
        long largest = sizes.largest(Objects.requireNonNullElse(request.path(), "/"));
        if (announcedLength(request) > largest) {
            refuse(request, tooLarge(largest));
        } else if (request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
            readWhole(context, largest);
        } else {
            context.next();
        }
    }

    /** What Quarkus asks before anything else, and refuses with a bare 400, unless the JVM was started with {@code vertx.disableURIValidation}. */
    private static boolean isUrl(HttpServerRequest request) {
        try {
            var unused = new URI(Objects.requireNonNullElse(request.uri(), ""));
            return true;
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    /** A body of unknown length is read before anybody acts on its beginning. */
    private void readWhole(RoutingContext context, long largest) {
        var request = context.request();
        var body = Buffer.buffer();
        request.handler(part -> {
            body.appendBuffer(part);
            if (body.length() > largest) {
                refuse(request, tooLarge(largest));
            }
        });
        request.endHandler(ended -> {
            ((RoutingContextInternal) context).setBody(body);
            context.next();
        });
    }

    private static Problem malformedUrl() {
        return Problem.of(
                400,
                "malformed-url",
                "The URL is malformed",
                "A % is followed by two hexadecimal digits, or written as %25; what RFC 3986 does not allow is escaped");
    }

    private static Problem tooLarge(long largest) {
        return Problem.of(
                413, "body-too-large", "The body is too large", "At most %d bytes are taken".formatted(largest));
    }

    private static long announcedLength(HttpServerRequest request) {
        var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length);
        } catch (NumberFormatException beyondAnyNumber) {
            return Long.MAX_VALUE;
        }
    }

    private void refuse(HttpServerRequest request, Problem problem) {
        var discarded = new AtomicLong();
        request.handler(part -> {
            if (discarded.addAndGet(part.length()) > MOST_DISCARDED) {
                request.connection().close();
            }
        });
        request.endHandler(ended -> request.connection().close());
        request.response()
                .setStatusCode(problem.status())
                .putHeader(HttpHeaders.CONTENT_TYPE, ProblemMappers.MEDIA_TYPE)
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
                .end(text(problem.at(Objects.requireNonNullElse(request.path(), "/"), traceId())));
    }

    private static @Nullable String traceId() {
        var trace = Span.current().getSpanContext();
        return trace.isValid() ? trace.getTraceId() : null;
    }

    private String text(Problem problem) {
        try {
            return json.writeValueAsString(problem);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

package dev.carillon.kit.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.api.trace.Span;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Refuses, as a problem, what the HTTP server would refuse with an empty answer or in the middle of a resource: a body that is too large, whether
 * its length is announced or not, and a URL whose escapes are malformed.
 */
@ApplicationScoped
public class EarlyRefusals {
    private static final int BEFORE_THE_SERVERS_OWN = 1_000;
    private static final Problem MALFORMED_URL =
            Problem.of(400, "malformed-url", "The URL is malformed", "An escape in it is malformed");
    // A client that sends on learns of the refusal when it has sent; one that never ends is cut off.
    private static final long MOST_DISCARDED = 8L << 20;

    private final ObjectMapper json;
    private final long largestBody;

    EarlyRefusals(
            ObjectMapper json, @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize largestBody) {
        this.json = json;
        this.largestBody = largestBody.asLongValue();
    }

    void register(@Observes Filters filters) {
        filters.register(this::judge, BEFORE_THE_SERVERS_OWN);
    }

    /** A URL that the router cannot read reaches no filter. */
    void register(@Observes Router router) {
        router.errorHandler(400, context -> refuse(context.request(), MALFORMED_URL));
    }

    private void judge(RoutingContext context) {
        var request = context.request();
        if (!isDecodable(request.uri())) {
            refuse(request, MALFORMED_URL);
        } else if (announcedLength(request) > largestBody) {
            refuse(request, tooLarge());
        } else if (request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
            readWhole(context);
        } else {
            context.next();
        }
    }

    /** A body of unknown length is read before anybody acts on its beginning. */
    private void readWhole(RoutingContext context) {
        var request = context.request();
        var body = Buffer.buffer();
        request.handler(part -> {
            body.appendBuffer(part);
            if (body.length() > largestBody) {
                refuse(request, tooLarge());
            }
        });
        request.endHandler(ended -> {
            ((RoutingContextInternal) context).setBody(body);
            context.next();
        });
    }

    private Problem tooLarge() {
        return Problem.of(
                413, "body-too-large", "The body is too large", "At most %d bytes are taken".formatted(largestBody));
    }

    private static boolean isDecodable(String uri) {
        try {
            URLDecoder.decode(uri, StandardCharsets.UTF_8);
            return true;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
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

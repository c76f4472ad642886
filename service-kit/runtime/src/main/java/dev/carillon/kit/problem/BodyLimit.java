package dev.carillon.kit.problem;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.container.ContainerRequestContext;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * Reads the body of every request before anybody acts on its beginning, and before the request is one in flight: how long a client takes to send does not tell
 * how busy an instance is. What does not come in time is given up, so that nothing is held for who only says that it will send.
 *
 * <p>Refuses, as a problem, what the HTTP server itself would refuse with an empty answer, or in the middle of a resource: a body that is too large, whether its
 * length is announced or not, and a URL that is none (RFC 3986), such as one with a {@code %} that begins no escape. What is no HTTP at all gets the server's bare 400.
 */
@ApplicationScoped
public class BodyLimit {
    private static final int BEFORE_THE_SERVERS_OWN = 1_000;
    private static final String BODY = "carillon.body";
    // A client that sends on learns of the refusal when it has sent; one that never ends is cut off.
    private static final long MOST_DISCARDED = 8L << 20;

    private static final Problem TOO_SLOW = Problem.of(
            408,
            "request-timeout",
            "The body has not come in time",
            "Try again on another connection; nothing was done");

    private static final Problem TOO_MUCH_TOGETHER = Problem.of(
            503,
            "overloaded",
            "More is being sent at the moment than can be taken",
            "Try again on another connection; nothing was done");

    private final EarlyAnswers answers;
    private final BodySettings settings;
    private final AtomicLong together = new AtomicLong();

    /** @throws IllegalArgumentException that says which setting is wrong */
    BodyLimit(EarlyAnswers answers, BodySettings settings) {
        if (settings.patience().toMillis() < 1) {
            throw new IllegalArgumentException("carillon.body.patience must be a millisecond or more");
        }
        this.answers = answers;
        this.settings = settings;
    }

    void register(@Observes Filters filters) {
        filters.register(this::judge, BEFORE_THE_SERVERS_OWN);
    }

    /** RESTEasy's own reading waits on a worker's thread for what is long, and for ever for what was read before. */
    @ServerRequestFilter
    public void handOn(ContainerRequestContext request, RoutingContext exchange) {
        byte[] body = exchange.get(BODY);
        if (body != null) {
            request.setEntityStream(new ByteArrayInputStream(body));
        }
    }

    private void judge(RoutingContext context) {
        var request = context.request();
        if (!isUrl(request)) {
            refuse(request, malformedUrl());
            return;
        }
        long largest = settings.largest(Objects.requireNonNullElse(request.path(), "/"));
        long announced = announcedLength(request);
        if (announced > largest) {
            refuse(request, tooLarge(largest));
        } else if (announced > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null) {
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

    private void readWhole(RoutingContext context, long largest) {
        var request = context.request();
        var vertx = context.vertx();
        var body = new ArrivingBody(together);
        long timer = vertx.setTimer(settings.patience().toMillis(), late -> {
            body.end();
            refuse(request, TOO_SLOW).onComplete(told -> request.connection().close());
        });
        Runnable end = () -> {
            vertx.cancelTimer(timer);
            body.end();
        };
        request.exceptionHandler(gone -> end.run());
        request.handler(part -> {
            body.add(part);
            if (body.length() > largest) {
                end.run();
                refuse(request, tooLarge(largest));
            } else if (body.isBeyond(settings.together().asLongValue())) {
                end.run();
                request.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
                refuse(request, TOO_MUCH_TOGETHER);
            }
        });
        request.endHandler(ended -> {
            end.run();
            context.put(BODY, body.bytes());
            context.next();
        });
        if (HttpHeaders.CONTINUE.toString().equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            request.response().writeContinue();
        }
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

    /** Answers, and closes the connection when all has been sent that was announced. */
    private Future<Void> refuse(HttpServerRequest request, Problem problem) {
        var discarded = new AtomicLong();
        request.handler(part -> {
            if (discarded.addAndGet(part.length()) > MOST_DISCARDED) {
                request.connection().close();
            }
        });
        request.endHandler(ended -> request.connection().close());
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        return answers.answer(request, problem);
    }
}
